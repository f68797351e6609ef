//! Chains that do not hold.
#[test]
fn timing() {
    let server = crate::server();
    let db = server.create().unwrap();
    db.connect().unwrap().batch_execute("CREATE TABLE t (a int)").unwrap();
    let t = std::time::Instant::now();
    for _ in 0..5 {
        let c = server.copy_of(&db).unwrap();
        println!("copy {:?}", t.elapsed());
        drop(c);
        println!("drop {:?}", t.elapsed());
    }
    let t = std::time::Instant::now();
    let mut c = db.connect().unwrap();
    println!("connect {:?}", t.elapsed());
    for _ in 0..3 {
        let t = std::time::Instant::now();
        trueup_catalog::Catalog::read(&mut c).unwrap();
        println!("catalog {:?}", t.elapsed());
    }
    for s in ["WAL_LOG", "FILE_COPY"] {
        drop(c);
        c = server.create().unwrap().connect().unwrap_or_else(|_| db.connect().unwrap());
        drop(c);
        let other = server.create().unwrap();
        c = other.connect().unwrap();
        for i in 0..3 {
            let t = std::time::Instant::now();
            c.batch_execute(&format!("CREATE DATABASE x{i}{s} TEMPLATE {} STRATEGY {s}", db.name())).unwrap();
            println!("{s} {:?}", t.elapsed());
            let t = std::time::Instant::now();
            c.batch_execute(&format!("DROP DATABASE x{i}{s}")).unwrap();
            println!("drop {:?}", t.elapsed());
        }
        c = db.connect().unwrap();
    }
}
