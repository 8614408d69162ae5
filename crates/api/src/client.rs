//! Who asks, as far as the network tells, and for which of our names.
//!
//! Invariant: a header about the client is believed only when a proxy wrote it that the installation trusts.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;

/// The client's address: the peer's own, or what trusted proxies say about who stood before them.
pub(crate) fn address(request: &HttpRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let lines: Vec<&str> = request
        .headers()
        .get_all("x-forwarded-for")
        // A line that is no text stops the walk like any other rubbish.
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    Some(behind(peer, &lines, trusted))
}

/// Walks from the peer along the hops that its proxies noted, the nearest one last; the first that is not
/// trusted is the client, for whatever stands before it is that one's own word.
fn behind(peer: IpAddr, lines: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut client = peer;
    let hops = lines.iter().rev().flat_map(|line| line.split(',').rev());
    for hop in hops {
        if !trusted.iter().any(|net| net.contains(&client)) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

/// The bucket of an address: a whole /64 of IPv6, since one customer holds that many.
pub(crate) fn network(address: Option<IpAddr>) -> String {
    match address {
        Some(IpAddr::V4(v4)) => v4.to_string(),
        Some(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

/// The name that was asked for, as the `Host` header has it: what is forwarded about it is not believed.
pub(crate) fn host(request: &HttpRequest) -> String {
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    named.unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let peer: IpAddr = peer.parse().unwrap();
        behind(peer.to_canonical(), lines, &trusted).to_string()
    }

    #[test]
    fn a_peer_that_is_not_trusted_speaks_for_itself_only() {
        assert_eq!(client("203.0.113.9", &["192.0.2.1"], &[]), "203.0.113.9");
        assert_eq!(
            client("203.0.113.9", &["192.0.2.1"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn the_rightmost_hop_that_is_not_trusted_is_the_client() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(client("10.0.0.2", &["192.0.2.1"], &trusted), "192.0.2.1");
        // What the client itself sent stands further left, and is worth nothing.
        assert_eq!(
            client("10.0.0.2", &["198.51.100.7, 192.0.2.1"], &trusted),
            "192.0.2.1"
        );
        assert_eq!(
            client("10.0.0.2", &["198.51.100.7", "192.0.2.1, 10.0.0.3"], &trusted),
            "192.0.2.1"
        );
        assert_eq!(client("fd00::2", &["2001:db8::5"], &trusted), "2001:db8::5");
        // An inner client is one all the same.
        assert_eq!(client("10.0.0.2", &["10.1.1.1"], &trusted), "10.1.1.1");
        assert_eq!(client("10.0.0.2", &[], &trusted), "10.0.0.2");
    }

    #[test]
    fn rubbish_stops_the_walk() {
        let trusted = ["10.0.0.0/8"];
        for rubbish in ["", "unknown", "192.0.2.1:99", "a, ", "192.0.2.1,"] {
            assert_eq!(client("10.0.0.2", &[rubbish], &trusted), "10.0.0.2", "{rubbish}");
        }
        assert_eq!(
            client("10.0.0.2", &["192.0.2.1, _hidden, 10.0.0.3"], &trusted),
            "10.0.0.3"
        );
    }

    #[test]
    fn an_address_written_in_ipv6_is_the_same_one() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(
            client("::ffff:10.0.0.2", &["::ffff:192.0.2.1"], &trusted),
            "192.0.2.1"
        );
    }

    #[test]
    fn a_customer_of_ipv6_has_one_bucket() {
        let one = network("2001:db8:1:2:3::1".parse().ok());
        assert_eq!(one, network("2001:db8:1:2:ffff::9".parse().ok()));
        assert_ne!(one, network("2001:db8:1:3::1".parse().ok()));
    }
}
