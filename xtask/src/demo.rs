//! The demo: the page, its protected API and an authorization server, all in one Node.js process.

use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::run::{command, quietly};
use crate::tools;

/// Serves the demo until Ctrl-C.
pub fn serve(port: Option<u16>) -> Result<()> {
    run(&mut server(port))
}

/// Logs in at the demo with a headless Chromium.
pub fn check(port: Option<u16>) -> Result<()> {
    let chromium = tools::chromium()?;
    run(server(port).arg("--check").env("CHROMIUM_PATH", chromium))
}

fn server(port: Option<u16>) -> Command {
    let mut server = command("node");
    server.arg("www/server/main.mjs");
    if let Some(port) = port {
        server.arg("--port").arg(port.to_string());
    }
    server
}

/// Runs `server` until it ends or we are told to. It ends with us even when the signal was for us alone.
fn run(server: &mut Command) -> Result<()> {
    let (sender, stop) = mpsc::channel();
    ctrlc::set_handler(move || sender.send(()).unwrap_or_default())?;
    let mut server = server.spawn().context("cannot start node")?;
    loop {
        if let Some(status) = server.try_wait()? {
            if status.success() {
                return Ok(());
            }
            bail!("the demo failed ({status})");
        }
        if stop.recv_timeout(Duration::from_millis(100)).is_ok() {
            quietly(command("kill").arg(server.id().to_string()))?;
            server.wait()?;
            return Ok(());
        }
    }
}
