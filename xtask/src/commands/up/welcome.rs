//! The message of `up` when everything runs: the addresses, and what to try first.

use std::path::Path;

use super::Ports;
use super::host::Host;
use crate::console::{self, Colour};
use crate::stores::Stores;

/// The text; `data` is the chosen folder of the private stores.
pub(super) fn text(
    host: Host,
    ports: Ports,
    stores: Option<&Stores>,
    data: Option<&Path>,
) -> String {
    let ready = console::paint(Colour::Green, "The task board is ready.");
    let name = if ports.address.is_loopback() {
        format!("http://localhost:{}", ports.functions)
    } else {
        ports.functions_url()
    };
    let page = console::paint(Colour::Bold, &format!("{name}/"));
    let api = format!("{}/api", ports.functions_url());
    let socket = format!("{}/ws", ports.relay_url().replacen("http", "ws", 1));
    let rest = match stores {
        Some(stores) => full(&api, &socket, stores, data),
        None => quick_win(host, &api, &socket, ports),
    };
    let [functions, relay] = ports.metrics();
    let mut metrics = format!("http://{relay}/metrics (relay)");
    if host == Host::Local {
        metrics = format!("http://{functions}/metrics (functions), {metrics}");
    }
    format!("\n{ready}\n\n  page      {page}\n  metrics   {metrics}\n{rest}")
}

fn quick_win(host: Host, api: &str, socket: &str, ports: Ports) -> String {
    let boards = format!("{api}/quick-win/boards");
    let seed = if ports.functions == 3000 {
        "cargo xtask seed".to_owned()
    } else {
        format!("cargo xtask seed --url {}", ports.functions_url())
    };
    let json = "-H 'Content-Type: application/json'";
    let names = match host {
        Host::Spin => {
            " Spin answers under
every name, so a stranger's page can get at them (docs/hosts.md); --host local does not."
        }
        Host::Local => "",
    };
    format!(
        "  API       {boards}
  events    {socket}/quick-win

Open the page in two windows; what one changes, the other shows at once. From a terminal:

  # a board of 30 tasks
  {seed}

  # a board of your own, a task on it, and its history
  curl -s {boards} {json} -d '{{\"name\": \"My board\"}}'
  curl -s {boards}/1/tasks {json} -d '{{\"title\": \"Say hello\"}}'
  curl -s '{boards}/1/events?after=0'

Boards live in memory and are gone when this stops.{names} Ctrl-C stops it.
"
    )
}

fn full(api: &str, socket: &str, stores: &Stores, data: Option<&Path>) -> String {
    let option = data.map(|data| format!(" --data '{}'", data.display())).unwrap_or_default();
    let json = "-H 'Content-Type: application/json'";
    let person = r#"{"username": "ada", "password": "correct horse"}"#;
    format!(
        "  API       {api}
  events    {socket}
{stores}

From a terminal (the answers set a cookie, which curl keeps in a file):

  # an account, who it is, and an admin of it
  curl -s -c cookies {api}/auth/register {json} -d '{person}'
  curl -s -b cookies {api}/auth/me
  cargo xtask admin ada{option}

What is in PostgreSQL stays when this stops; quick-win boards are gone then. Ctrl-C stops it.
",
        stores = stores.describe()
    )
}
