// error[E0505]
fn main() -> Result<(), mapring::Error> {
    let consumer = mapring::Consumer::open("x", &Default::default())?;
    let record = consumer.next(mapring::Timeout::Now)?.got().unwrap();
    drop(consumer);
    println!("{}", record.len());
    Ok(())
}
