//! An authorization code is good once, for its own client, until it ends.

use futures_util::future::try_join_all;

use super::{Bench, Kept, RIVALS, ROUNDS, Report, expect, present};
use crate::model::{CodeFields, Models, OAuth2Code};
use crate::store::{Agreed, Authorization, Redemption, Store};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("a code is stored as it was made", stored(bench).await);
    report.add("of concurrent uses of a code exactly one succeeds", once(bench).await);
    report.add("a used code says when, and whose it was", already(bench).await);
    report.add("another client's use of a code is none", another_client(bench).await);
    report.add("a code ends at exactly its `expires_at`", lifetime(bench).await);
    report.add("a code whose token cannot be stored is not used", all_or_nothing(bench).await);
    report.add("deleting a client ends its codes and no others", delete_client(bench).await);
}

async fn stored<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (code, row) = bench.code(&party, present(60));
    expect("found before", bench.store(1).code(&code).await?.is_some(), false)?;
    let authorized =
        bench.store(0).authorize(Authorization { code: &row, agreed: Agreed::Elsewhere }).await?;
    expect("stored", authorized, true)?;
    let found = bench.store(1).code(&code).await?;
    expect("the row", found.as_ref().map(described), Some(described(&row)))
}

fn described<C: OAuth2Code>(row: &C) -> String {
    let CodeFields { grant_id, client_id, subject, scope, redirect_uri, .. } = row.fields();
    let CodeFields { code_challenge, expires_at, consumed_at, .. } = row.fields();
    format!(
        "{grant_id} {client_id} {subject} `{scope}` {redirect_uri:?} {code_challenge:?} {expires_at:?} {consumed_at:?}"
    )
}

/// Each rival comes at another second, so that the losers can be asked who won.
async fn once<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..ROUNDS {
        let party = bench.party().await?;
        let code = bench.stored_code(&party).await?;
        let rivals: Vec<_> =
            (0..RIVALS).zip(10..).map(|(n, at)| (n, present(at), bench.fresh(&party))).collect();
        let uses = rivals.iter().map(|(number, at, token)| {
            bench.redeem(*number, (code, &party.client_id), *at, std::slice::from_ref(&token.row))
        });
        let answers = try_join_all(uses).await?;
        let won = answers.iter().zip(&rivals).filter(|(answer, _)| **answer == Redemption::Consumed);
        let moments: Vec<_> = won.map(|(_, (_, at, _))| *at).collect();
        expect("successful uses", moments.len(), 1)?;
        for (answer, (_, at, token)) in answers.into_iter().zip(&rivals) {
            let won = moments.contains(at);
            expect("the token is live", bench.is_live(&token.access).await?, won)?;
            for moment in moments.iter().filter(|_| !won) {
                expect("the answer to another", &answer, &party.already(*moment))?;
            }
        }
    }
    Ok(())
}

async fn already<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, thief) = (bench.party().await?, bench.party().await?);
    let code = bench.stored_code(&party).await?;
    let (token, more) = (bench.fresh(&party), bench.fresh(&party));
    let rows = std::slice::from_ref(&token.row);
    let used = bench.redeem(0, (code, &party.client_id), present(7), rows).await?;
    expect("used", used, Redemption::Consumed)?;
    let row = bench.store(1).code(&code).await?;
    expect("its row", row.map(|row| row.fields().consumed_at), Some(Some(present(7))))?;
    // However late, and whoever asks.
    for (client_id, at) in [(&party.client_id, 9), (&thief.client_id, 9), (&party.client_id, 99)] {
        let rows = std::slice::from_ref(&more.row);
        let again = bench.redeem(1, (code, client_id), present(at), rows).await?;
        expect("used again", again, party.already(present(7)))?;
        expect("the second token is stored", bench.is_stored(&more.access).await?, false)?;
    }
    expect("the first token is live", bench.is_live(&token.access).await?, true)
}

async fn another_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, thief) = (bench.party().await?, bench.party().await?);
    let code = bench.stored_code(&party).await?;
    let (stolen, token) = (bench.fresh(&thief), bench.fresh(&party));
    let rows = std::slice::from_ref(&stolen.row);
    let use_of_thief = bench.redeem(0, (code, &thief.client_id), present(1), rows).await?;
    expect("another client's use", use_of_thief, Redemption::Absent)?;
    expect("its token is stored", bench.is_stored(&stolen.access).await?, false)?;
    let unknown = bench.redeem(0, (bench.digest(), &thief.client_id), present(1), rows).await?;
    expect("the use of an unknown one", unknown, Redemption::Absent)?;
    let rows = std::slice::from_ref(&token.row);
    let own = bench.redeem(1, (code, &party.client_id), present(2), rows).await?;
    expect("the own use after it", own, Redemption::Consumed)
}

async fn lifetime<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (code, token) = (bench.stored_code(&party).await?, bench.fresh(&party));
    for (at, promised) in [(61, Redemption::Absent), (60, Redemption::Absent), (59, Redemption::Consumed)] {
        let rows = std::slice::from_ref(&token.row);
        let stored = promised == Redemption::Consumed;
        let answer = bench.redeem(0, (code, &party.client_id), present(at), rows).await?;
        expect(&format!("used at {at} when it ends at 60"), answer, promised)?;
        expect("the token is stored", bench.is_stored(&token.access).await?, stored)?;
    }
    Ok(())
}

/// Its second row is there already, or its client is gone.
async fn all_or_nothing<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, gone) = (bench.party().await?, bench.of_client(bench.client_id()));
    let (code, there) = (bench.stored_code(&party).await?, bench.stored(&party).await?);
    let (token, orphan) = (bench.fresh(&party), bench.fresh(&gone));
    let rows = [token.row, there.row];
    let key = (code, &party.client_id);
    let answer = bench.redeem(0, key, present(1), &rows).await;
    expect("used for a row that is there already", answer.ok() == Some(Redemption::Consumed), false)?;
    expect("the other row is stored", bench.is_stored(&token.access).await?, false)?;
    let answer = bench.redeem(0, key, present(1), std::slice::from_ref(&orphan.row)).await?;
    expect("used for a client that is gone", answer, Redemption::Absent)?;
    expect("its row is stored", bench.is_stored(&orphan.access).await?, false)?;
    let row = bench.store(1).code(&code).await?;
    expect("its row", row.map(|row| row.fields().consumed_at), Some(None))?;
    let [token, _] = rows;
    let answer = bench.redeem(1, key, present(2), std::slice::from_ref(&token)).await?;
    expect("a use after it", answer, Redemption::Consumed)
}

async fn delete_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, bystander) = (bench.party().await?, bench.party().await?);
    let (code, other) = (bench.stored_code(&party).await?, bench.stored_code(&bystander).await?);
    bench.store(0).delete_client(&party.client_id, present(1)).await?;
    // A namesake is another client.
    bench.store(0).insert_client(&bench.client(&party.client_id)).await?;
    let (token, more) = (bench.fresh(&party), bench.fresh(&bystander));
    let rows = std::slice::from_ref(&token.row);
    let answer = bench.redeem(1, (code, &party.client_id), present(2), rows).await?;
    expect("used by a namesake", answer == Redemption::Consumed, false)?;
    expect("its token is stored", bench.is_stored(&token.access).await?, false)?;
    let rows = std::slice::from_ref(&more.row);
    let answer = bench.redeem(1, (other, &bystander.client_id), present(2), rows).await?;
    expect("used by another client", answer, Redemption::Consumed)
}
