// error[E0499]
fn main() -> Result<(), mapring::Error> {
    let mut producer = mapring::Producer::open("x", &Default::default())?;
    let mut first = producer.reserve(8, mapring::Timeout::Now)?.done().unwrap();
    let second = producer.reserve(8, mapring::Timeout::Now)?.done().unwrap();
    first[0] = second[0];
    Ok(())
}
