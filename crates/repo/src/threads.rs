//! Work on several threads of its own.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads wait for the same disk and for each other.
const MOST_THREADS: usize = 8;

/// Calls a function with each item on several threads; what it returns comes in the order of the items.
///
/// Threads of its own and not those of a pool, since it is called while somebody else waits for what is
/// read here (a value that is made once, when it is first asked for). A thread of a pool that waits takes
/// up other work of the pool meanwhile; if that work asks for the same value, it waits for itself.
pub(crate) fn in_threads<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MOST_THREADS);
    if threads < 2 || items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut all: Vec<(usize, T)> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        let joined = handles.into_iter().map(|handle| handle.join());
        // A panic of one goes on in the caller, who knows what to make of it.
        joined.flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(in_threads(&items, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(in_threads(&[] as &[usize], |n| *n), Vec::<usize>::new());
    }
}
