//! Tokens are issued for clients that exist, all or none, and end when told.

use super::{Bench, Kept, Report, expect, present};
use crate::model::{Models, OAuth2Token, TokenFields};
use crate::store::{Issuance, Store};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("a token is issued as it was made", issued(bench).await);
    report.add("no token is issued for a client that does not exist", no_client(bench).await);
    report.add("all rows of a token are issued or none", all_or_none(bench).await);
    report.add("deleting a client revokes its tokens and no others", delete_client(bench).await);
    report
        .add("an access token is ended by its own client, once, and nothing else with it", end(bench).await);
}

async fn issued<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let token = bench.fresh(&party);
    expect("found before", bench.is_stored(&token.access).await?, false)?;
    expect("issued", bench.issue(&token).await?, true)?;
    let row = bench.store(0).access_token(&token.access).await?;
    expect("the row", row.as_ref().map(described), Some(described(&token.row)))
}

fn described<T: OAuth2Token>(row: &T) -> String {
    let TokenFields { client_id, subject, scope, issued_at, expires_at, revoked_at, grant_id } = row.fields();
    format!("{client_id} {subject:?} `{scope}` {issued_at:?} {expires_at:?} {revoked_at:?} {grant_id:?}")
}

async fn no_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let nobody = bench.of_client(bench.client_id());
    let party = bench.party().await?;
    bench.store(0).delete_client(&party.client_id, present(0)).await?;
    for (client, party) in [("an unknown client", nobody), ("a deleted client", party)] {
        let token = bench.fresh(&party);
        expect(&format!("issued for {client}"), bench.issue(&token).await?, false)?;
        expect(&format!("stored for {client}"), bench.is_stored(&token.access).await?, false)?;
    }
    Ok(())
}

/// A second row that is there already must take the first one with it.
async fn all_or_none<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (first, second) = (bench.fresh(&party), bench.fresh(&party));
    let taken = bench.stored(&party).await?;
    let rows = [first.row, taken.row];
    let issued = bench.store(0).issue(Issuance::of(&rows)).await;
    expect("issued with a row that is there already", issued.unwrap_or_default(), false)?;
    expect("the other row is stored", bench.is_stored(&first.access).await?, false)?;
    let [first, _] = rows;
    let rows = [first, second.row];
    let issued = bench.store(0).issue(Issuance::of(&rows)).await?;
    expect("two rows are issued", issued, true)?;
    for (row, access) in [("first", taken.access), ("second", second.access)] {
        expect(&format!("the {row} is stored"), bench.is_stored(&access).await?, true)?;
    }
    Ok(())
}

async fn delete_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, bystander) = (bench.party().await?, bench.party().await?);
    let tokens =
        [bench.stored(&party).await?, bench.stored(&bench.of_client(party.client_id.clone())).await?];
    let other = bench.stored(&bystander).await?;
    let (store, id) = (bench.store(1), &party.client_id);
    expect("revoked", store.delete_client(id, present(1)).await?, Some(2))?;
    expect("the client is there", store.client(id.as_str()).await?.is_some(), false)?;
    for token in &tokens {
        expect("its token is live", bench.is_live(&token.access).await?, false)?;
    }
    expect("another client's token is live", bench.is_live(&other.access).await?, true)?;
    expect("deleted again", store.delete_client(id, present(2)).await?, None)?;
    store.insert_client(&bench.client(id)).await?;
    for token in &tokens {
        expect("a namesake's token is live", bench.is_live(&token.access).await?, false)?;
    }
    Ok(())
}

async fn end<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, thief, store) = (bench.party().await?, bench.party().await?, bench.store(0));
    let (token, sibling) = (bench.stored(&party).await?, bench.stored(&party).await?);
    let (own, access) = (&party.client_id, &token.access);
    let by_another = store.end_access_token(access, &thief.client_id, present(1)).await?;
    expect("ended by another client", by_another, false)?;
    let late = store.end_access_token(access, own, present(3_600)).await?;
    expect("ended at the very second it is over", late, false)?;
    expect(
        "an unknown one is ended",
        store.end_access_token(&bench.digest(), own, present(1)).await?,
        false,
    )?;
    expect("ended", store.end_access_token(access, own, present(1)).await?, true)?;
    let over = |row: &M::Token| row.fields().expires_at <= present(1) || row.fields().revoked_at.is_some();
    expect("over", store.access_token(access).await?.is_none_or(|row| over(&row)), true)?;
    let other = store.access_token(&sibling.access).await?;
    expect("another one is over", other.is_none_or(|row| over(&row)), false)?;
    expect("ended twice", store.end_access_token(access, own, present(1)).await?, false)
}
