//! Clients are changed as told, and of concurrent changes one succeeds.

use futures_util::future::{join_all, try_join_all};

use super::{Bench, Kept, RIVALS, ROUNDS, Report, expect};
use crate::error::Error;
use crate::model::{Models, OAuth2Client};
use crate::store::Store;
use crate::types::{ClientId, ClientSecret, SecretHash};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("of concurrent inserts of a client exactly one succeeds", insert(bench).await);
    report.add("a client is found by its exact identifier only", exact(bench).await);
    report.add("clients are listed in the order of their identifiers, each once", listed(bench).await);
    report.add("a check before a start is told of the same clients", listed_as_stored(bench).await);
    report.add("a client's secret is replaced only if told", replace(bench).await);
    report.add("a secret is set only in place of the one that was read", set_secret(bench).await);
    report.add("of concurrent changes of a secret exactly one succeeds", set_secret_at_once(bench).await);
}

async fn insert<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..ROUNDS {
        let client = bench.client(&bench.client_id());
        let inserts = (0..RIVALS).map(|number| bench.store(number).insert_client(&client));
        let inserted = try_join_all(inserts).await?;
        expect("successful inserts", inserted.into_iter().filter(|inserted| *inserted).count(), 1)?;
        let found = bench.store(0).client(client.client_id().as_str()).await?;
        expect("the client is there", found.is_some(), true)?;
    }
    Ok(())
}

async fn exact<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let id = bench.party().await?.client_id;
    let found = bench.store(1).client(id.as_str()).await?;
    expect("found", found.as_ref().map(OAuth2Client::client_id), Some(&id))?;
    for other in
        [id.as_str().to_uppercase(), format!("{id} "), format!(" {id}"), "client-%".into(), String::new()]
    {
        expect(&format!("`{other}` is found"), bench.store(1).client(&other).await?.is_some(), false)?;
    }
    Ok(())
}

async fn listed<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(bench.party().await?.client_id);
    }
    let mut all: Vec<ClientId> = Vec::new();
    loop {
        let page = bench.store(0).clients(all.last(), 3).await?;
        expect("a page is longer than its limit", page.len() > 3, false)?;
        if page.is_empty() {
            break;
        }
        all.extend(page.iter().map(|client| client.client_id().clone()));
        expect("in order", all.is_sorted_by(|before, after| before < after), true)?;
    }
    expect("the inserted ones are listed", ids.iter().all(|id| all.contains(id)), true)
}

async fn listed_as_stored<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..5 {
        bench.party().await?;
    }
    let mut after: Option<ClientId> = None;
    loop {
        let page = bench.store(1).clients(after.as_ref(), 3).await?;
        let stored = bench.store(0).stored_clients(after.as_ref(), 3).await?;
        let ids: Vec<_> = page.iter().map(OAuth2Client::client_id).collect();
        let stored_ids: Vec<_> = stored.iter().map(|stored| &stored.client_id).collect();
        expect("the identifiers of a page", stored_ids, ids)?;
        for (stored, client) in stored.iter().zip(&page) {
            expect("a client that can be read", stored.client.is_ok(), true)?;
            let names: Vec<_> = stored.scope.split_ascii_whitespace().collect();
            expect("the names of its scopes", names, client.fields().scope.names().collect())?;
        }
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.client_id().clone());
    }
}

fn secret<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> SecretHash {
    let mut entropy = [0; 32];
    entropy.iter_mut().zip(bench.number().to_be_bytes()).for_each(|(byte, of_number)| *byte = of_number);
    ClientSecret::from_entropy(&entropy).hash()
}

async fn stored_secret<M: Models, S: Store<M>>(
    bench: &Bench<'_, M, S>,
    id: &ClientId,
) -> Result<Option<SecretHash>, Error> {
    let client = bench.store(1).client(id.as_str()).await?;
    Ok(client.and_then(|client| client.fields().client_secret.cloned()))
}

async fn replace<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (id, store) = (bench.client_id(), bench.store(0));
    let client = bench.client(&id);
    let (first, second) = (client.fields().client_secret.cloned(), Some(secret(bench)));
    expect("an unknown client is replaced", store.replace_client(&client, true).await?, false)?;
    expect("an unknown client is there", store.client(id.as_str()).await?.is_some(), false)?;
    store.insert_client(&client).await?;
    if let Some(second) = &second {
        store.set_client_secret(&id, first.as_ref(), second).await?;
    }
    expect("replaced", store.replace_client(&client, false).await?, true)?;
    expect("the secret is the stored one", stored_secret(bench, &id).await? == second, true)?;
    expect("replaced with its secret", store.replace_client(&client, true).await?, true)?;
    expect("the secret is the new one", stored_secret(bench, &id).await? == first, true)
}

async fn set_secret<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (id, store) = (bench.party().await?.client_id, bench.store(1));
    let first = stored_secret(bench, &id).await?;
    let (second, third) = (secret(bench), secret(bench));
    expect("from the stored one", store.set_client_secret(&id, first.as_ref(), &second).await?, true)?;
    expect("from none", store.set_client_secret(&id, None, &third).await?, false)?;
    expect("from another", store.set_client_secret(&id, Some(&third), &third).await?, false)?;
    expect("the secret is still the same", stored_secret(bench, &id).await? == Some(second), true)?;
    let nobody = bench.client_id();
    expect("of an unknown client", store.set_client_secret(&nobody, None, &third).await?, false)
}

async fn set_secret_at_once<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..ROUNDS {
        let id = bench.party().await?.client_id;
        let current = stored_secret(bench, &id).await?;
        let next: Vec<_> = (0..RIVALS).map(|number| (number, secret(bench))).collect();
        let changes = next
            .iter()
            .map(|(number, next)| bench.store(*number).set_client_secret(&id, current.as_ref(), next));
        let mut winners = Vec::new();
        for (changed, (_, next)) in join_all(changes).await.into_iter().zip(next) {
            if changed? {
                winners.push(next);
            }
        }
        expect("successful changes", winners.len(), 1)?;
        let stored = stored_secret(bench, &id).await?;
        expect("the stored secret is the winner's", stored == winners.pop(), true)?;
    }
    Ok(())
}
