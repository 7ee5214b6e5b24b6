// error[E0277]
fn main() -> Result<(), mapring::Error> {
    let consumer = mapring::Consumer::open("x", &Default::default())?;
    std::thread::scope(|scope| {
        scope.spawn(|| consumer.next(mapring::Timeout::Now).is_ok());
    });
    Ok(())
}
