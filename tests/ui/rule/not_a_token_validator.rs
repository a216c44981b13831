include!("../base.rs");

struct Keys;

fn site() -> Result<(), Error> {
    let _ = ResourceProtector::new(Keys);
    Ok(())
}

fn main() {}
