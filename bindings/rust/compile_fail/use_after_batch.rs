// error[E0505]
fn main() -> Result<(), mapring::Error> {
    let mut consumer = mapring::Consumer::open("x", &Default::default())?;
    let batch = consumer.batch(8, mapring::Timeout::Now)?.got().unwrap();
    let record = batch.iter().next().unwrap();
    batch.release()?;
    println!("{}", record.len());
    Ok(())
}
