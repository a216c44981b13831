use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::task::JoinSet;

use crate::Failure;
use crate::connection::Connection;
use crate::process::Server;

pub(crate) const CONNECTIONS: usize = 64;
/// Requests on each connection before anything is measured: pools are filled and statements prepared by then.
const WARM_UP: usize = 10;
/// How long one turn may take.
const LIMIT: Duration = Duration::from_mins(2);

/// Open connections and what each of them sends, again and again.
pub(crate) struct Load {
    lanes: Vec<(Connection, Vec<u8>)>,
    expected: &'static [u8],
}

impl Load {
    /// Token requests; and the access token that the first one on each connection was answered with.
    pub(crate) async fn tokens(server: &Server) -> Result<(Self, Vec<String>), Failure> {
        const FORM: &str = "grant_type=client_credentials&scope=photos%3Aread";
        let credentials = STANDARD.encode(format!("{}:{}", server.client_id, server.secret));
        let request = format!(
            "POST /oauth/token HTTP/1.1\r\nhost: {}\r\nauthorization: Basic {credentials}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{FORM}",
            server.address,
            FORM.len()
        );
        let mut load = Self { lanes: Vec::new(), expected: b"{\"access_token\":\"at_" };
        let mut access_tokens = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut connection = Connection::open(server.address).await?;
            let answer: serde_json::Value =
                serde_json::from_slice(connection.exchange(request.as_bytes()).await?)?;
            let token = answer.get("access_token").and_then(serde_json::Value::as_str);
            access_tokens.push(token.ok_or("a token answer has no token")?.to_owned());
            load.lanes.push((connection, request.clone().into_bytes()));
        }
        Ok((load, access_tokens))
    }

    /// Requests of the protected route, another token on each connection.
    pub(crate) async fn resource(server: &Server, access_tokens: &[String]) -> Result<Self, Failure> {
        let mut load = Self { lanes: Vec::new(), expected: b"[\"a photo for robot\"]" };
        for token in access_tokens {
            let request = format!(
                "GET /photos HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\r\n",
                server.address
            );
            load.lanes.push((Connection::open(server.address).await?, request.into_bytes()));
        }
        Ok(load)
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
        for (mut connection, request) in self.lanes.drain(..) {
            running.spawn(async move {
                for _ in 0..times {
                    let answer = connection.exchange(&request).await?;
                    if !answer.starts_with(expected) {
                        return Err(Failure::from("an answer has another body than expected"));
                    }
                }
                Ok((connection, request))
            });
        }
        while let Some(lane) = running.join_next().await {
            self.lanes.push(lane??);
        }
        Ok(())
    }
}
