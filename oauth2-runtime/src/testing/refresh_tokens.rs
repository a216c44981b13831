//! A refresh token is good once, and a family ends as a whole.

use futures_util::future::try_join_all;

use super::{Bench, Kept, RIVALS, ROUNDS, Report, expect, present};
use crate::model::{Models, OAuth2Token};
use crate::store::{Issuance, Redemption, Rotation, Store, Superseded};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("of concurrent uses of a refresh token exactly one succeeds", once(bench).await);
    report.add("a used refresh token says when, and whose it was", already(bench).await);
    report.add("another client's use of a refresh token is none", another_client(bench).await);
    report.add("a refresh token ends at exactly its lifetime", lifetime(bench).await);
    report.add("a refresh token whose successor cannot be stored is not used", all_or_nothing(bench).await);
    report.add("a kept refresh token issues while it is live", kept(bench).await);
    report.add("an ended access token leaves its refresh token", end_access_token(bench).await);
    report.add("an authorization is revoked as a whole, and nothing else", revoke_grant(bench).await);
    report.add("an authorization ends if the successor was used as well", revoke_superseded(bench).await);
}

/// Each rival comes at another second, so that the losers can be asked who won.
async fn once<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..ROUNDS {
        let party = bench.party().await?;
        let token = bench.stored(&party).await?;
        let rivals: Vec<_> =
            (0..RIVALS).zip(10..).map(|(n, at)| (n, present(at), bench.fresh(&party))).collect();
        let uses = rivals.iter().map(|(number, at, successor)| {
            let rows = std::slice::from_ref(&successor.row);
            bench.rotate(*number, (token.refresh, &party.client_id), *at, rows)
        });
        let answers = try_join_all(uses).await?;
        let won = answers.iter().zip(&rivals).filter(|(answer, _)| **answer == Redemption::Consumed);
        let moments: Vec<_> = won.map(|(_, (_, at, _))| *at).collect();
        expect("successful uses", moments.len(), 1)?;
        for (answer, (_, at, successor)) in answers.into_iter().zip(&rivals) {
            let won = moments.contains(at);
            expect("the successor is live", bench.is_live(&successor.access).await?, won)?;
            for moment in moments.iter().filter(|_| !won) {
                expect("the answer to another", &answer, &party.already(*moment))?;
            }
        }
        expect("the used token is live", bench.is_live(&token.access).await?, false)?;
    }
    Ok(())
}

async fn already<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, thief) = (bench.party().await?, bench.party().await?);
    let (token, next, more) = (bench.stored(&party).await?, bench.fresh(&party), bench.fresh(&party));
    let rows = std::slice::from_ref(&next.row);
    let used = bench.rotate(0, (token.refresh, &party.client_id), present(7), rows).await?;
    expect("used", used, Redemption::Consumed)?;
    for client_id in [&party.client_id, &thief.client_id] {
        let rows = std::slice::from_ref(&more.row);
        let again = bench.rotate(1, (token.refresh, client_id), present(9), rows).await?;
        expect("used again", again, party.already(present(7)))?;
        expect("the second successor is stored", bench.is_stored(&more.access).await?, false)?;
    }
    expect("the first successor is live", bench.is_live(&next.access).await?, true)
}

async fn another_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, thief) = (bench.party().await?, bench.party().await?);
    let (token, stolen, next) = (bench.stored(&party).await?, bench.fresh(&thief), bench.fresh(&party));
    let rows = std::slice::from_ref(&stolen.row);
    let use_of_thief = bench.rotate(0, (token.refresh, &thief.client_id), present(1), rows).await?;
    expect("another client's use", use_of_thief, Redemption::Absent)?;
    expect("its successor is stored", bench.is_stored(&stolen.access).await?, false)?;
    let unknown = bench.rotate(0, (bench.digest(), &thief.client_id), present(1), rows).await?;
    expect("the use of an unknown one", unknown, Redemption::Absent)?;
    let rows = std::slice::from_ref(&next.row);
    let own = bench.rotate(1, (token.refresh, &party.client_id), present(2), rows).await?;
    expect("the own use after it", own, Redemption::Consumed)
}

async fn lifetime<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (token, next) = (bench.stored(&party).await?, bench.fresh(&party));
    for (issued_after, promised) in
        [(0, Redemption::Absent), (1, Redemption::Absent), (-1, Redemption::Consumed)]
    {
        let rotation = Rotation {
            refresh_token: token.refresh,
            client_id: &party.client_id,
            at: present(5),
            issued_after: present(issued_after),
            successors: std::slice::from_ref(&next.row),
        };
        let stored = promised == Redemption::Consumed;
        let what = format!("issued at 0, with tokens of {issued_after} and older expired");
        expect(&what, bench.store(0).rotate(rotation).await?, promised)?;
        expect("the successor is stored", bench.is_stored(&next.access).await?, stored)?;
    }
    Ok(())
}

/// Its second row is there already, or its client is gone.
async fn all_or_nothing<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, gone) = (bench.party().await?, bench.of_client(bench.client_id()));
    let (token, there) = (bench.stored(&party).await?, bench.stored(&party).await?);
    let (next, orphan) = (bench.fresh(&party), bench.fresh(&gone));
    let rows = [next.row, there.row];
    let key = (token.refresh, &party.client_id);
    let answer = bench.rotate(0, key, present(1), &rows).await;
    expect("used for a row that is there already", answer.ok() == Some(Redemption::Consumed), false)?;
    expect("the other row is stored", bench.is_stored(&next.access).await?, false)?;
    let answer = bench.rotate(0, key, present(1), std::slice::from_ref(&orphan.row)).await?;
    expect("used for a client that is gone", answer, Redemption::Absent)?;
    expect("its row is stored", bench.is_stored(&orphan.access).await?, false)?;
    expect("the token is live", bench.is_live(&token.access).await?, true)?;
    let [next, _] = rows;
    let answer = bench.rotate(1, key, present(2), std::slice::from_ref(&next)).await?;
    expect("a use after it", answer, Redemption::Consumed)
}

async fn kept<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (used, revoked) = (bench.stored(&party).await?, bench.stored(&bench.again(&party)).await?);
    let (unknown, next) = (bench.digest(), bench.fresh(&party));
    let issue = async |kept, promised| {
        let rows = [bench.fresh(&party), bench.fresh(&party)];
        let accesses = rows.each_ref().map(|issued| issued.access);
        let rows = rows.map(|issued| issued.row);
        let issued = bench.store(1).issue(Issuance { kept: Some(kept), ..Issuance::of(&rows) }).await?;
        expect("issued", issued, promised)?;
        for access in accesses {
            expect("stored", bench.is_stored(&access).await?, promised)?;
        }
        Kept::Ok(())
    };
    issue(used.refresh, true).await?;
    issue(used.refresh, true).await?;
    issue(unknown, false).await?;
    let rows = std::slice::from_ref(&next.row);
    bench.rotate(0, (used.refresh, &party.client_id), present(1), rows).await?;
    issue(used.refresh, false).await?;
    if let Some(grant_id) = revoked.row.fields().grant_id {
        bench.store(0).revoke_grant(grant_id, present(1)).await?;
    }
    issue(revoked.refresh, false).await
}

async fn end_access_token<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (token, next) = (bench.stored(&party).await?, bench.fresh(&party));
    bench.store(0).end_access_token(&token.access, &party.client_id, present(1)).await?;
    expect("it is found", bench.store(1).refresh_token(&token.refresh).await?.is_some(), true)?;
    let rows = std::slice::from_ref(&next.row);
    let answer = bench.rotate(1, (token.refresh, &party.client_id), present(2), rows).await?;
    expect("its use", answer, Redemption::Consumed)
}

async fn revoke_grant<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (first, second) = (bench.stored(&party).await?, bench.fresh(&party));
    let other = bench.stored(&bench.again(&party)).await?;
    let rows = std::slice::from_ref(&second.row);
    bench.rotate(0, (first.refresh, &party.client_id), present(1), rows).await?;
    let third = bench.stored(&party).await?;
    expect("revoked", bench.store(1).revoke_grant(&party.grant_id, present(5)).await?, 2)?;
    for (token, at) in [(&first, 1), (&second, 5), (&third, 5)] {
        let row = bench.store(0).access_token(&token.access).await?;
        let ended = row.and_then(|row| row.fields().revoked_at);
        expect("when a token was used or revoked", ended, Some(present(at)))?;
    }
    expect("another authorization is live", bench.is_live(&other.access).await?, true)?;
    expect("revoked again", bench.store(1).revoke_grant(&party.grant_id, present(6)).await?, 0)
}

async fn revoke_superseded<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, store) = (bench.party().await?, bench.store(0));
    let other = bench.stored(&bench.again(&party)).await?;
    let first = bench.stored(&party).await?;
    let second = bench.token(&party, true, present(10), present(3_600));
    let third = bench.token(&party, true, present(20), present(3_600));
    let came_back = |at| {
        let (refresh_token, grant_id, used_at) = (first.refresh, &party.grant_id, present(10));
        Superseded { refresh_token, grant_id, used_at, at: present(at) }
    };
    let rows = std::slice::from_ref(&second.row);
    bench.rotate(0, (first.refresh, &party.client_id), present(10), rows).await?;
    let revoked = store.revoke_superseded(came_back(15)).await?;
    expect("revoked while the successor is unused", revoked, 0)?;
    expect("the successor is live", bench.is_live(&second.access).await?, true)?;
    let rows = std::slice::from_ref(&third.row);
    bench.rotate(1, (second.refresh, &party.client_id), present(20), rows).await?;
    expect("revoked", store.revoke_superseded(came_back(25)).await?, 1)?;
    expect("the last token is live", bench.is_live(&third.access).await?, false)?;
    expect("another authorization is live", bench.is_live(&other.access).await?, true)
}
