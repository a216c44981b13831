//! Clients whose row contradicts the declaration, or what registration would accept. The row was right once, or was not made
//! by the framework; its client is refused something, or is not as safe as others, and the server works without it.

mod authentication;
mod grant_types;
mod redirect_uris;
mod registration;
mod response_types;
mod scopes;

use super::{CLIENTS_NAMED, Finding};
use crate::error::Error;
use crate::model::{ClientFields, OAuth2Client};
use crate::router::DeclaredServer;
use crate::store::Store;

/// How many clients a query answers.
const PAGE: u32 = 500;

/// A row that can be read.
struct Row<'a, S: DeclaredServer> {
    client: &'a S::Client,
    fields: ClientFields<'a, S::Scopes>,
    /// The stored names, also of those that are not declared.
    scope: &'a str,
}

/// What is looked for in each row.
struct Check<S: DeclaredServer> {
    /// What follows `the client ..`, one text a finding.
    find: for<'a> fn(&Row<'a, S>) -> Vec<String>,
    /// The kind, for those that are only counted.
    kind: &'static str,
}

const fn checks<S: DeclaredServer>() -> [Check<S>; 7] {
    [
        Check { find: registration::refused, kind: "what registration would refuse" },
        Check { find: authentication::contradictory, kind: "authentication that cannot succeed" },
        Check { find: grant_types::unanswered, kind: "grant types that no grant answers" },
        Check { find: response_types::unanswered, kind: "response types that no grant answers" },
        Check { find: redirect_uris::missing, kind: "no redirect URI" },
        Check { find: scopes::undeclared, kind: "scopes that are not declared" },
        Check { find: scopes::none, kind: "no scope" },
    ]
}

/// The findings of one kind.
struct Tally {
    kind: &'static str,
    named: Vec<String>,
    others: u64,
}

impl Tally {
    const fn new(kind: &'static str) -> Self {
        Self { kind, named: Vec::new(), others: 0 }
    }

    fn add(&mut self, line: String) {
        if self.named.len() < CLIENTS_NAMED {
            self.named.push(line);
        } else {
            self.others += 1;
        }
    }

    fn into_findings(self) -> impl Iterator<Item = Finding> {
        let Self { kind, named, others } = self;
        let rest = (others > 0)
            .then(|| format!("{others} more findings about clients are of the same kind: {kind}"));
        named.into_iter().chain(rest).map(Finding::warning)
    }
}

/// Reads all clients, or the first `limit` in order of their identifiers.
pub(super) async fn check<S: DeclaredServer>(server: &S, limit: Option<u32>) -> Result<Vec<Finding>, Error> {
    let mut unreadable = Tally::new("rows that cannot be read");
    let mut tallies = checks::<S>().map(|check| Tally::new(check.kind));
    let (mut after, mut left) = (None, limit);
    loop {
        let wanted = left.map_or(PAGE, |left| left.min(PAGE));
        let page = server.store().stored_clients(after.as_ref(), wanted).await?;
        for stored in &page {
            match &stored.client {
                Ok(client) => {
                    let row = Row { client, fields: client.fields(), scope: &stored.scope };
                    look_at::<S>(&row, &mut tallies);
                }
                Err(error) => unreadable.add(format!(
                    "the client `{}` cannot be read, and every request of it is answered with 503: {error}; correct \
                     its row",
                    stored.client_id.as_str().escape_debug()
                )),
            }
        }
        left = left.map(|left| left.saturating_sub(wanted));
        let is_last = u32::try_from(page.len()).is_ok_and(|read| read < wanted);
        if is_last || left == Some(0) {
            break;
        }
        let last = page.last().map(|stored| stored.client_id.clone());
        // A store that answers the same page again would never come to an end.
        if last == after {
            break;
        }
        after = last;
    }
    Ok(std::iter::once(unreadable).chain(tallies).flat_map(Tally::into_findings).collect())
}

fn look_at<S: DeclaredServer>(row: &Row<'_, S>, tallies: &mut [Tally]) {
    let client_id = row.fields.client_id.as_str().escape_debug();
    for (check, tally) in checks::<S>().iter().zip(tallies) {
        for text in (check.find)(row) {
            tally.add(format!("the client `{client_id}` {text}"));
        }
    }
}
