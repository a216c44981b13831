//! The purge deletes what nobody can need again, and nothing that anybody can.
//!
//! These rows live decades before all others of the suite, so that they are the only ones that can be over.

use super::{Bench, Issued, Kept, Report, expect};
use crate::model::{Extent, Models, OAuth2Token, Session};
use crate::store::{Agreed, Authorization, Expired, Redemption, Store};
use crate::types::Timestamp;

/// When the purge happens. Access tokens and sessions end then, ..
const NOW: i64 = 100_000;
/// .. refresh tokens that were issued then expire, ..
const ISSUED_BY: i64 = 50_000;
/// .. and codes that ended then are forgotten.
const CODES_ENDED_BY: i64 = 70_000;

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("access tokens are purged at exactly their end", access_tokens(bench).await);
    if M::Token::HAS_REFRESH_TOKEN && M::Token::HAS_GRANT_ID {
        report
            .add("refresh tokens are purged at exactly their end, used or not", refresh_tokens(bench).await);
        report.add("a refresh token that was purged around is as good as before", around(bench).await);
    }
    if M::EXTENT == Extent::SignIn {
        report.add("codes are purged at exactly the end of their memory, used or not", codes(bench).await);
        report.add("sessions are purged at exactly their end", sessions(bench).await);
    }
    report.add("no more rows are purged at once than told", batches(bench).await);
}

const fn at(second: i64) -> Timestamp {
    Timestamp::from_unix_seconds(second)
}

const fn expired(limit: u32) -> Expired {
    let (ended_by, issued_by, codes_ended_by) = (at(NOW), at(ISSUED_BY), at(CODES_ENDED_BY));
    Expired { ended_by, issued_by, codes_ended_by, limit }
}

/// Purges; `dead` rows must have been deleted.
async fn purge<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, dead: u64) -> Kept {
    expect("rows that were purged", bench.store(0).purge(expired(1_000)).await?, dead)?;
    expect("rows that were purged again", bench.store(1).purge(expired(1_000)).await?, 0)
}

/// Stores a row; it must be purged if `dead`.
struct Case<T> {
    what: &'static str,
    key: T,
    dead: bool,
}

/// A stored token that was issued and ended at these seconds.
async fn token<M: Models, S: Store<M>>(
    bench: &Bench<'_, M, S>,
    refreshable: bool,
    (issued, expires): (i64, i64),
) -> Result<Issued<M::Token>, crate::error::Error> {
    let party = bench.party().await?;
    let token = bench.token(&party, refreshable, at(issued), at(expires));
    bench.issue(&token).await?;
    Ok(token)
}

async fn access_tokens<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let cases = [
        ("one that ends now", NOW - 10, NOW, true),
        ("one that ended long ago", 10, 20, true),
        ("one that ends in a second", NOW - 10, NOW + 1, false),
        ("an old one that ends in a second", 10, NOW + 1, false),
    ];
    let mut tokens = Vec::new();
    for (what, issued, expires, dead) in cases {
        tokens.push(Case { what, key: token(bench, false, (issued, expires)).await?.access, dead });
    }
    purge(bench, 2).await?;
    for Case { what, key, dead } in tokens {
        expect(&format!("{what} is there"), bench.is_stored(&key).await?, !dead)?;
    }
    Ok(())
}

async fn refresh_tokens<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let cases = [
        ("an expired one", ISSUED_BY, NOW, false, true),
        ("an expired one that was used", ISSUED_BY, NOW, true, true),
        ("one with a second to live", ISSUED_BY + 1, NOW, false, false),
        ("one with a second to live that was used", ISSUED_BY + 1, NOW, true, false),
        ("an expired one whose access token has a second to live", ISSUED_BY, NOW + 1, false, false),
        ("one whose access token has ended long ago", ISSUED_BY + 1, ISSUED_BY + 1, false, false),
    ];
    let mut tokens = Vec::new();
    for (what, issued, expires, used, dead) in cases {
        let token = token(bench, true, (issued, expires)).await?;
        if let Some(grant_id) = token.row.fields().grant_id.filter(|_| used) {
            bench.store(0).revoke_grant(grant_id, at(ISSUED_BY + 2)).await?;
        }
        tokens.push(Case { what, key: token, dead });
    }
    purge(bench, 2).await?;
    for Case { what, key, dead } in tokens {
        let found = bench.store(1).refresh_token(&key.refresh).await?;
        expect(&format!("{what} is there"), found.is_some(), !dead)?;
        expect(&format!("{what} is there"), bench.is_stored(&key.access).await?, !dead)?;
    }
    Ok(())
}

/// One that was used in its last second still says so, and one that was not can still be used.
async fn around<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let used = bench.token(&party, true, at(ISSUED_BY + 1), at(ISSUED_BY + 2));
    let unused = bench.token(&party, true, at(ISSUED_BY + 1), at(ISSUED_BY + 2));
    let rows = [bench.fresh(&party).row, bench.fresh(&party).row];
    for token in [&used, &unused] {
        bench.issue(token).await?;
    }
    let rotate = async |refresh_token, moment, rows| {
        let (client_id, issued_after) = (&party.client_id, at(ISSUED_BY));
        let rotation = crate::store::Rotation {
            refresh_token,
            client_id,
            at: at(moment),
            issued_after,
            successors: rows,
        };
        bench.store(1).rotate(rotation).await
    };
    let [first, second] = rows.each_ref().map(std::slice::from_ref);
    rotate(used.refresh, NOW - 1, first).await?;
    purge(bench, 0).await?;
    expect("the used one", rotate(used.refresh, NOW, second).await?, party.already(at(NOW - 1)))?;
    expect("the unused one", rotate(unused.refresh, NOW, second).await?, Redemption::Consumed)
}

async fn codes<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let cases = [
        ("one that nobody remembers", CODES_ENDED_BY, false, true),
        ("a used one that nobody remembers", CODES_ENDED_BY, true, true),
        ("one with a second to be remembered", CODES_ENDED_BY + 1, false, false),
        ("a used one with a second to be remembered", CODES_ENDED_BY + 1, true, false),
        ("one with a second to live", NOW + 1, false, false),
    ];
    let mut codes = Vec::new();
    for (what, expires, used, dead) in cases {
        let party = bench.party().await?;
        let (key, row) = bench.code(&party, at(expires));
        bench.store(0).authorize(Authorization { code: &row, agreed: Agreed::Elsewhere }).await?;
        if used {
            let token = bench.fresh(&party);
            let rows = std::slice::from_ref(&token.row);
            bench.redeem(0, (key, &party.client_id), at(expires - 1), rows).await?;
        }
        codes.push(Case { what, key, dead });
    }
    purge(bench, 2).await?;
    for Case { what, key, dead } in codes {
        expect(&format!("{what} is there"), bench.store(1).code(&key).await?.is_some(), !dead)?;
    }
    Ok(())
}

async fn sessions<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let cases = [("one that ends now", NOW, true), ("one that ends in a second", NOW + 1, false)];
    let mut sessions = Vec::new();
    for (what, expires, dead) in cases {
        let (key, subject) = (bench.digest(), format!("u-{}", bench.number()).into());
        let username = "somebody".to_owned();
        let session =
            Session { session: key, subject, username, signed_in_at: at(10), expires_at: at(expires) };
        bench.store(0).start_session(&session, None).await?;
        sessions.push(Case { what, key, dead });
    }
    purge(bench, 1).await?;
    for Case { what, key, dead } in sessions {
        expect(&format!("{what} is there"), bench.store(1).session(&key).await?.is_some(), !dead)?;
    }
    Ok(())
}

async fn batches<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..5 {
        token(bench, false, (10, 20)).await?;
    }
    let mut deleted = Vec::new();
    for _ in 0..4 {
        deleted.push(bench.store(0).purge(expired(2)).await?);
    }
    expect("rows that were purged, two at once", deleted, vec![2, 2, 1, 0])
}
