use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oauth2_bench::process::Server;
use oauth2_bench::{Failure, REDIRECT_URI};
use tokio::task::JoinSet;

use crate::codes::{Codes, VERIFIER};
use crate::connection::Connection;
use crate::lane::{HOLE, Lane, Values};

pub(crate) const CONNECTIONS: usize = 64;
/// Requests on each connection before anything is measured: pools are filled and statements prepared by then.
const WARM_UP: usize = 10;
/// How long one turn may take.
const LIMIT: Duration = Duration::from_mins(2);

/// What the body of every token answer starts with.
const TOKEN: &[u8] = b"{\"access_token\":\"at_";

/// Open connections and what each of them sends, again and again.
pub(crate) struct Load {
    lanes: Vec<Lane>,
    expected: &'static [u8],
}

/// How many requests [`Load::run`] sends before and during a measurement of `requests`.
pub(crate) const fn sent(requests: usize) -> usize {
    WARM_UP * CONNECTIONS + requests
}

impl Load {
    /// Requests for tokens of the client itself.
    pub(crate) async fn tokens(server: &Server) -> Result<Self, Failure> {
        let request = token_request(server, "grant_type=client_credentials&scope=photos%3Aread")?;
        let lanes = (0..CONNECTIONS).map(|_| (request.clone(), Values::Nothing));
        Self::open(server, lanes, TOKEN).await
    }

    /// Requests of the protected route, another token on each connection.
    pub(crate) async fn resource(server: &Server, access_tokens: Vec<String>) -> Result<Self, Failure> {
        let lanes = access_tokens.into_iter().map(|token| {
            let request = format!(
                "GET /photos HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\r\n",
                server.address
            );
            (request.into_bytes(), Values::Nothing)
        });
        Self::open(server, lanes, b"[\"a photo for robot\"]").await
    }

    /// Redemptions of codes, each connection's own.
    pub(crate) async fn codes(server: &Server, codes: &Codes) -> Result<Self, Failure> {
        let hole = String::from_utf8_lossy(&HOLE);
        let form = format!(
            "grant_type=authorization_code&code={hole}&redirect_uri={}&code_verifier={VERIFIER}",
            REDIRECT_URI.replace(':', "%3A").replace('/', "%2F")
        );
        let request = token_request(server, &form)?;
        let lanes = (0..CONNECTIONS).map(|lane| {
            let own: Vec<_> = codes.values().skip(lane).step_by(CONNECTIONS).map(str::to_owned).collect();
            (request.clone(), Values::Once(own.into_iter()))
        });
        Self::open(server, lanes, TOKEN).await
    }

    /// Refreshes: each connection goes on with the refresh token of its last answer, at first with one of these.
    pub(crate) async fn refresh(server: &Server, refresh_tokens: Vec<String>) -> Result<Self, Failure> {
        let hole = String::from_utf8_lossy(&HOLE);
        let request = token_request(server, &format!("grant_type=refresh_token&refresh_token={hole}"))?;
        let lanes = refresh_tokens.into_iter().map(|token| (request.clone(), Values::RefreshToken(token)));
        Self::open(server, lanes, TOKEN).await
    }

    async fn open(
        server: &Server,
        lanes: impl Iterator<Item = (Vec<u8>, Values)>,
        expected: &'static [u8],
    ) -> Result<Self, Failure> {
        let mut load = Self { lanes: Vec::new(), expected };
        for (request, values) in lanes {
            load.lanes.push(Lane::new(Connection::open(server.address).await?, request, values));
        }
        Ok(load)
    }

    /// The access token of the last answer on each connection.
    pub(crate) fn access_tokens(&self) -> Result<Vec<String>, Failure> {
        self.lanes.iter().map(Lane::access_token).collect()
    }

    /// The refresh token of the last answer on each connection.
    pub(crate) fn refresh_tokens(&self) -> Result<Vec<String>, Failure> {
        self.lanes.iter().map(Lane::refresh_token).collect()
    }

    pub(crate) async fn warm_up(&mut self) -> Result<(), Failure> {
        self.run(WARM_UP * CONNECTIONS).await
    }

    /// Sends `requests` in all, as fast as they are answered.
    pub(crate) async fn run(&mut self, requests: usize) -> Result<(), Failure> {
        tokio::time::timeout(LIMIT, self.repeat(requests / CONNECTIONS)).await?
    }

    async fn repeat(&mut self, times: usize) -> Result<(), Failure> {
        let expected = self.expected;
        let mut running = JoinSet::new();
        for mut lane in self.lanes.drain(..) {
            running.spawn(async move {
                for _ in 0..times {
                    lane.exchange(expected).await?;
                }
                Ok::<_, Failure>(lane)
            });
        }
        while let Some(lane) = running.join_next().await {
            self.lanes.push(lane??);
        }
        Ok(())
    }
}

fn token_request(server: &Server, form: &str) -> Result<Vec<u8>, Failure> {
    let said = |name| server.said(name).ok_or_else(|| format!("the server has not named its {name}"));
    let credentials = STANDARD.encode(format!("{}:{}", said("client")?, said("secret")?));
    let request = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: {}\r\nauthorization: Basic {credentials}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        server.address,
        form.len()
    );
    Ok(request.into_bytes())
}
