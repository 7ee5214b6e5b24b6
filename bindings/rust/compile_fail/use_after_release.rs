// error[E0502]
fn main() -> Result<(), mapring::Error> {
    let mut consumer = mapring::Consumer::open("x", &Default::default())?;
    let record = consumer.next(mapring::Timeout::Now)?.got().unwrap();
    consumer.release()?;
    println!("{}", record.len());
    Ok(())
}
