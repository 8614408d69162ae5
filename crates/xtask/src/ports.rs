//! Ports on this machine: a wanted one, or the next that nobody listens on.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::console;

const TRIES: u16 = 200;
const LOOK: Duration = Duration::from_millis(300);

/// The wanted port, or the next free one after it, and says so.
pub(crate) fn from(wanted: u16, purpose: &str, taken: &mut Vec<u16>) -> Result<u16> {
    let Some(found) = next(wanted, taken) else {
        bail!("no free port for {purpose} from {wanted} on");
    };
    if found != wanted {
        console::line(&format!(
            "  ! Port {wanted} is taken; {purpose} uses {found} instead."
        ));
    }
    Ok(found)
}

fn next(wanted: u16, taken: &mut Vec<u16>) -> Option<u16> {
    let found =
        (wanted..=wanted.saturating_add(TRIES)).find(|port| !taken.contains(port) && is_free(*port))?;
    taken.push(found);
    Some(found)
}

/// Any free port, for what no person types.
pub(crate) fn any() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a free port")?;
    Ok(listener.local_addr().context("looking for a free port")?.port())
}

/// A browser may try either loopback address first, so a listener on one of them takes the port.
fn is_free(port: u16) -> bool {
    let answers = |address: IpAddr| TcpStream::connect_timeout(&SocketAddr::new(address, port), LOOK).is_ok();
    !answers(Ipv4Addr::LOCALHOST.into())
        && !answers(Ipv6Addr::LOCALHOST.into())
        && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let wanted = listener.local_addr().unwrap().port();
        let found = next(wanted, &mut Vec::new()).unwrap();
        assert!(found > wanted);
    }

    #[test]
    fn a_port_is_given_out_once() {
        let wanted = any().unwrap();
        let mut taken = Vec::new();
        let first = next(wanted, &mut taken).unwrap();
        let second = next(wanted, &mut taken).unwrap();
        assert_ne!(first, second);
    }
}
