use crate::tests::{code, facts, mutated, routes};
use proptest::prelude::*;
use trueup_codebase::{NameUse, Use};

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let (mut found, mut expected) = (routes(files), expected.to_vec());
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn loops_over_words() {
    drawn(
        r##"
  %w(open closed).each do |state|
    get "orders/:id/#{state}(/*rest)", to: "orders#state"
    resources :bills, only: [] do
      get state
      %i[a b].each { |kind| post "#{state}/#{kind}" }
    end
  end
  STATES.each { |state| get "x/#{state}" }
"##,
        &[
            "GET /orders/{id}/open",
            "GET /orders/{id}/open/{*rest}",
            "GET /bills/{bill_id}/open",
            "POST /bills/{bill_id}/open/a",
            "POST /bills/{bill_id}/open/b",
            "GET /orders/{id}/closed",
            "GET /orders/{id}/closed/{*rest}",
            "GET /bills/{bill_id}/closed",
            "POST /bills/{bill_id}/closed/a",
            "POST /bills/{bill_id}/closed/b",
        ],
    );
}

/// The routes of one list.
fn drawn(body: &str, expected: &[&str]) {
    let text = format!("Rails.application.routes.draw do\n{body}\nend\n");
    check(&[("config/routes.rb", &text)], expected);
}

#[test]
fn resources() {
    drawn(
        "resources :orders",
        &[
            "GET /orders",
            "POST /orders",
            "GET /orders/new",
            "GET /orders/{id}/edit",
            "GET /orders/{id}",
            "PATCH /orders/{id}",
            "PUT /orders/{id}",
            "DELETE /orders/{id}",
        ],
    );
    drawn(
        "resource :profile, except: [:new, :edit, :destroy]",
        &["GET /profile", "POST /profile", "PATCH /profile", "PUT /profile"],
    );
    drawn(
        r##"resources :orders, :bills, only: %i[index], path_names: { new: "make" } do
  resources "items", only: :show, param: :sku
  member do
    post :cancel
    get "label" => "labels#show"
  end
  collection { get :search }
  get :preview
  put :close, on: :member
  new { get :draft }
end"##,
        &[
            "GET /orders",
            "GET /orders/{order_id}/items/{sku}",
            "POST /orders/{id}/cancel",
            "GET /orders/{id}/label",
            "GET /orders/search",
            "GET /orders/{order_id}/preview",
            "PUT /orders/{id}/close",
            "GET /orders/new/draft",
            "GET /bills",
            "GET /bills/{bill_id}/items/{sku}",
            "POST /bills/{id}/cancel",
            "GET /bills/{id}/label",
            "GET /bills/search",
            "GET /bills/{bill_id}/preview",
            "PUT /bills/{id}/close",
            "GET /bills/new/draft",
        ],
    );
    drawn(
        "resources :orders, path: 'o', only: %w[new], path_names: { new: 'make' }\nresources :unknown, only: ACTIONS",
        &["GET /o/make"],
    );
}

#[test]
fn shallow_resources() {
    let expected =
        &["GET /api/orders/{order_id}/items", "GET /api/items/{id}", "GET /api/items/{item_id}/notes"];
    for body in [
        "resources :orders, only: [], shallow: true do\n  resources :items, only: [:index, :show] do\n    resources :notes, only: :index\n  end\nend",
        "shallow do\n resources :orders, only: [] do\n  resources :items, only: [:index, :show] do\n    resources :notes, only: :index\n  end\nend\nend",
    ] {
        drawn(&format!("namespace :api do\n{body}\nend"), expected);
    }
}

#[test]
fn scopes_and_verbs() {
    drawn(
        r##"
  root "home#index"
  get "/health", to: "health#show"
  get "about" => "pages#about", as: :about
  match "/search", to: "search#index", via: [:get, :post]
  match "/all", to: "x#y", via: :all
  get "files/*path", to: "files#show"
  get "/orders/:id(.:format)", to: "orders#show"
  namespace :admin, path: "manage" do
    root to: "admin#index"
    resources :users, only: :index
  end
  scope "/api", module: "api", defaults: { format: :json } do
    scope path: "v1" do
      delete "sessions/:token", to: "sessions#destroy"
    end
  end
  scope module: :shop do
    patch "cart", to: "carts#update"
  end
  scope "(:locale)", locale: /en|pl/ do
    get "terms", to: "pages#terms"
  end
  scope Settings.path do
    get "known", to: "x#y"
  end
  constraints(subdomain: "api") do
    post "hooks", to: "hooks#create"
  end
  authenticate :user, ->(u) { u.admin? } do
    mount Sidekiq::Web => "/sidekiq"
  end
  get "dev", to: "x#y" if Rails.env.development?
  unless Rails.env.production?
    get "debug", to: "x#y"
  end
  %w[a b].each { |page| get page, to: "pages#show" }
  get "#{prefix}/tail", to: "x#y"
  direct(:homepage) { "https://example.test" }
  devise_for :users, path: "people"
"##,
        &[
            "GET /",
            "GET /health",
            "GET /a",
            "GET /b",
            "GET /about",
            "GET /search",
            "POST /search",
            "* /all",
            "GET /files/{*path}",
            "GET /orders/{id}",
            "GET /manage",
            "GET /manage/users",
            "DELETE /api/v1/sessions/{token}",
            "PATCH /cart",
            "GET /terms",
            "GET /{locale}/terms",
            "GET ~/known",
            "POST /hooks",
            "* /sidekiq/{*rest}",
            "GET /dev",
            "GET /debug",
            "GET ~/tail",
            "* /people/{*rest}",
        ],
    );
}

#[test]
fn a_list_over_several_lines() {
    let text = "Rails\n  .application\n  .routes\n  .draw do\n    get '/a', to: 'x#y'\n  end\n";
    check(&[("config/routes.rb", text)], &["GET /a"]);
}

#[test]
fn concerns() {
    drawn(
        r##"
  concern :commentable do
    resources :comments, only: :index
  end
  concern(:imageable) { resources :images, only: :create }
  resources :orders, only: [], concerns: :commentable
  resources :bills, only: [] do
    concerns :commentable, :imageable
  end
  concern :again do
    concerns :again
  end
  concerns :again
"##,
        &["GET /orders/{order_id}/comments", "GET /bills/{bill_id}/comments", "POST /bills/{bill_id}/images"],
    );
}

#[test]
fn files_that_are_drawn_and_engines() {
    let files = [
        (
            "shop/config/routes.rb",
            "Rails.application.routes.draw do\n  namespace :admin do\n    draw :admin\n  end\n  mount Billing::Engine, at: '/billing'\n  mount Other::Engine => '/other'\nend\n",
        ),
        ("shop/config/routes/admin.rb", "resources :users, only: [:index]\ndraw 'admin/more'\n"),
        ("shop/config/routes/admin/more.rb", "get 'more', to: 'x#y'\n"),
        ("shop/config/routes/lost.rb", "get 'lost', to: 'x#y'\n"),
        (
            "engines/billing/lib/billing/engine.rb",
            "module Billing\n  class Engine < ::Rails::Engine\n  end\nend\n",
        ),
        (
            "engines/billing/config/routes.rb",
            "Billing::Engine.routes.draw do\n  get 'invoices', to: 'x#y'\nend\n",
        ),
    ];
    check(
        &files,
        &["GET /admin/users", "GET /admin/more", "GET /billing/invoices", "* /other/{*rest}", "GET ~/lost"],
    );
}

#[test]
fn tests_of_all_kinds() {
    let check = |path: &str, text: &str, expected: &[&str]| {
        let shown = facts(path, text).tests.into_iter().map(|test| {
            let suites: String = test.suites.iter().map(|suite| format!("{suite} > ")).collect();
            format!("{suites}{}{}", test.name, if test.skipped { " (skipped)" } else { "" })
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{path}");
    };
    check(
        "spec/models/order_spec.rb",
        r##"
RSpec.describe Shop::Order, type: :model do
  describe "#total", :slow do
    it "adds up" do
      expect(order.total).to eq 3
    end
    xit("waits") { }
    it "is pending"
    it { is_expected.to be_valid }
    context "with tax" do
      specify "is higher", skip: "later" do
      end
      it "skips" do
        skip "not yet"
      end
      it "has #{count} parts" do end
    end
  end
  xdescribe "off" do
    it("x") {}
  end
  skip "also off" do end
  %w[a].each { |x| it("loops") {} }
end
"##,
        &[
            "Shop::Order > #total > adds up",
            "Shop::Order > #total > waits (skipped)",
            "Shop::Order > #total > is pending (skipped)",
            "Shop::Order > #total > with tax > is higher (skipped)",
            "Shop::Order > #total > with tax > skips (skipped)",
            "Shop::Order > #total > with tax > has #{count} parts",
            "Shop::Order > off > x (skipped)",
            "Shop::Order > also off (skipped)",
            "Shop::Order > loops",
        ],
    );
    check(
        "test/order_test.rb",
        r##"
class OrderTest < ActiveSupport::TestCase
  test "adds up" do
    assert true
  end
  def test_total
    skip
    assert true
  end
  def helper; end
  def test_free = assert(true)
end
"##,
        &["OrderTest > adds up", "OrderTest > test_total (skipped)", "OrderTest > test_free"],
    );
    check("app/models/order.rb", "class A\n  def test_x; end\n  it('x') {}\nend", &[]);
}

fn names(uses: &[NameUse]) -> Vec<String> {
    let mark = |how| match how {
        Use::Read => "",
        Use::Declared => " declared",
        Use::Sent => " sent",
    };
    let mut out: Vec<String> = uses.iter().map(|name| format!("{}{}", name.name, mark(name.how))).collect();
    out.sort();
    out
}

#[test]
fn names_in_code() {
    let text = r##"
LIMIT = ENV.fetch("ORDER_LIMIT", 3)
MODE = ENV["MODE"] || ENV['OLD_MODE']
ENV["WRITTEN"] = "1"
ENV[name]
puts "x" if ENV.key?("SEEN")
return unless Flipper.enabled?(:new_checkout, user)
Flipper[:beta].enabled?
button.enabled?(:submit)
client.fetch_boolean_value(flag_key: "fast-lane", default_value: false)
bus.publish("orders.order.created", payload)
ActiveSupport::Notifications.instrument "orders.imported", size: 3 do end
order.send("total")
"##;
    let facts = facts("app/a.rb", text);
    assert_eq!(names(&facts.env_vars), ["MODE", "OLD_MODE", "ORDER_LIMIT", "SEEN"]);
    assert_eq!(names(&facts.flags), ["beta", "fast-lane", "new_checkout"]);
    assert_eq!(names(&facts.events), ["orders.imported sent", "orders.order.created sent"]);
}

fn tables(files: &[(&str, &str)], expected: &[&str]) {
    let shown = code(files).tables.into_iter().map(|table| {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let rest = if table.complete { "" } else { " and more" };
        format!("{} {}({}){rest}", table.class.as_deref().unwrap_or("-"), table.name, columns.join(","))
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn tables_of_the_past_and_of_tests() {
    let migration = r##"
class Split < ActiveRecord::Migration[7.1]
  class OldOrder < ActiveRecord::Base
    self.table_name = "old_orders"
  end
  def up
    OldOrder.find_each { |order| order.touch }
    create_table(:orders) { |t| t.text :note }
  end
end
"##;
    let made = "ActiveRecord::Schema.define { create_table(:odd) { |t| t.text :x } }";
    let files =
        [("db/migrate/001_split.rb", migration), ("test/tree_test.rb", made), ("spec/a_spec.rb", made)];
    tables(&files, &["- orders(id,note)"]);
}

#[test]
fn schema() {
    let text = r##"
ActiveRecord::Schema[7.1].define(version: 2026_01_01_000000) do
  enable_extension "plpgsql"
  create_table "orders", force: :cascade do |t|
    t.string "number", null: false
    t.decimal "net", "gross", precision: 9
    t.references :customer, polymorphic: true
    t.timestamps
    t.index ["number"], name: "index_orders_on_number", unique: true
  end
  create_table "links", id: false do |t|
    t.bigint :order_id
    t.column :kind, :string
  end
  add_foreign_key "orders", "customers"
end
"##;
    let class = "class Order < ApplicationRecord\n  self.table_name = \"orders\"\nend\n";
    tables(
        &[("db/schema.rb", text), ("app/models/order.rb", class)],
        &[
            "- links(order_id,kind)",
            "Order orders(id,number,net,gross,customer_id,customer_type,created_at,updated_at)",
        ],
    );
}

#[test]
fn migrations() {
    let first = r##"
class CreateOrders < ActiveRecord::Migration[7.1]
  def change
    create_table :orders, id: :uuid do |t|
      t.string :old, :gone
      t.belongs_to :customer
    end
    create_table(:temporary) { |t| t.text :x }
  end
end
"##;
    let second = r##"
class ChangeOrders < ActiveRecord::Migration[7.1]
  def up
    add_column :orders, :note, :text
    rename_column :orders, :old, :fresh
    change_table :orders do |t|
      t.remove :gone
      t.integer :count
      t.rename :note, :remark
    end
    remove_reference :orders, :customer
    drop_table :temporary
    rename_table :orders, :purchases
    reversible { |dir| dir.down { add_column :orders, :never, :text } }
  end
  def down
    drop_table :orders
  end
end
"##;
    tables(
        &[
            ("db/migrate/20260101000000_create_orders.rb", first),
            ("db/migrate/20260102000000_change_orders.rb", second),
        ],
        &["- purchases(id,fresh,remark,count)"],
    );
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("a.b(", ")"), ("-", ""), ("scope('x') {", "}"), ("\"#{", "}\"")]
    {
        let text = format!(
            "Rails.application.routes.draw do {}'x'{} end",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        let _ = facts("spec/a_spec.rb", &text);
    }
    let concerns = "concern(:a) { concerns :a, :a, :a; get 'x' }\nconcerns :a\n";
    let text = format!("Rails.application.routes.draw do\n{concerns}end");
    let _ = facts("config/routes.rb", &text);
    let text = format!("Rails.application.routes.draw do\nget '{}'\nend", "(/:a)".repeat(1000));
    assert!(facts("config/routes.rb", &text).routes[0].routers[0].routes.len() <= 16);
}

const SOURCE: &str = r##"
Rails.application.routes.draw do
  concern :é do resources :comments, only: %i[index] end
  namespace :api do
    resources :orders, shallow: true, concerns: [:é] do
      member { post "cancel(.:format)" }
      get :preview, on: :collection
    end
    mount Billing::Engine => "/b(/:x)"
    draw :admin
  end
end
class A < ActiveRecord::Migration[7.1]
  def change
    create_table "orders" do |t|
      t.string :é, :b
      t.timestamps
    end
  end
end
describe "é" do
  it("x", skip: true) { ENV["X"] }
end
"##;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read(text in "(?s)(routes\\.draw do|resources :a|scope |get '|describe |create_table |ENV\\[|do |end|\\(|\\)|'|\"|#\\{|=>|\n| |[a-z]{1,4}|.){0,60}") {
        let _ = facts("config/routes/a.rb", &text);
        let _ = facts("spec/a_spec.rb", &format!("class A < Migration\n{text}"));
    }

    #[test]
    fn mutated_sources_are_read(seeds in prop::collection::vec((any::<usize>(), any::<u8>()), 1..8)) {
        let facts = facts("spec/config/routes.rb", &mutated(SOURCE, &seeds));
        let _ = crate::assemble(vec![facts], &crate::Options::default());
    }
}
