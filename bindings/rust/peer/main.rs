// SPDX-License-Identifier: MIT
//! tests/languages/peer.c in Rust.
use mapring::*;
use std::fmt::Write as _;
use std::io::{self, BufRead, Read, Write};
use std::process::exit;
use std::time::{Duration, Instant};

mod layout;

const BATCH: usize = 64;
const BENCH_BYTES: usize = 64;
const BENCH_RECORDS: usize = 128000;

fn say(line: &str) {
    println!("{line}");
    io::stdout().flush().unwrap();
}

fn print(record: &Record) {
    let mut line = format!("record {} {} {} ", record.sequence(), record.continued() as u8, record.continues() as u8);
    for byte in record.payload() {
        write!(line, "{byte:02x}").unwrap();
    }
    say(&line);
}

/// What a reader gets instead of a record. Returns whether more can come.
fn tell<T>(next: &Next<T>, timeout: Timeout) -> bool {
    match next {
        Next::Got(_) => return true,
        Next::Lost(loss) => {
            say(&format!("lost {} {}", loss.sequence, loss.records));
            return true;
        }
        Next::End(End::Closed) => say("end 4"),
        Next::End(End::Died) => say("end 5"),
        Next::End(End::Removed) => say("end 9"),
        Next::Nothing => say(if timeout == Timeout::Now { "end 1" } else { "end 3" }),
    }
    false
}

fn open(ring: &str) -> Result<Consumer, Error> {
    Consumer::open(ring, &ConsumerOptions { from: Start::Oldest, ..Default::default() })
}

fn read_consumer(ring: &str, timeout: Timeout) -> Result<(), Error> {
    let mut consumer = open(ring)?;
    loop {
        let next = consumer.next(timeout)?;
        let is_record = match &next {
            Next::Got(record) => {
                print(record);
                true
            }
            _ => false,
        };
        if !tell(&next, timeout) {
            return Ok(());
        }
        if is_record {
            consumer.release()?;
        }
    }
}

fn read_batches(ring: &str, timeout: Timeout) -> Result<(), Error> {
    let mut consumer = open(ring)?;
    loop {
        let next = consumer.batch(BATCH, timeout)?;
        if !tell(&next, timeout) {
            return Ok(());
        }
        if let Next::Got(batch) = next {
            batch.iter().for_each(|record| print(&record));
            batch.release()?;
        }
    }
}

fn read_observer(ring: &str, timeout: Timeout) -> Result<(), Error> {
    let mut observer = Observer::open(ring, &ObserverOptions { from: Start::Oldest, ..Default::default() })?;
    let mut buffer = vec![0; 100000];
    loop {
        let next = observer.receive(&mut buffer, timeout)?;
        if let Next::Got(record) = &next {
            print(record);
        }
        if !tell(&next, timeout) {
            return Ok(());
        }
    }
}

fn read(how: &str, ring: &str, milliseconds: &str) -> Result<(), Error> {
    let timeout = match milliseconds.parse::<i64>().unwrap_or(0) {
        0 => Timeout::Now,
        ms if ms < 0 => Timeout::Forever,
        ms => Timeout::After(Duration::from_millis(ms as u64)),
    };
    match how {
        "observer" => read_observer(ring, timeout),
        "batch" => read_batches(ring, timeout),
        _ => read_consumer(ring, timeout),
    }
}

fn hold(ring: &str) -> Result<(), Error> {
    let consumer = Consumer::open(ring, &Default::default())?;
    let record = consumer.next(Timeout::Forever)?;
    say("held");
    let _ = io::stdin().read_to_end(&mut Vec::new());
    drop(record);
    Ok(())
}

fn send_lines(how: &str, ring: &str) -> Result<(), Error> {
    let mut producer = Producer::open(ring, &Options::default())?;
    say("open");
    let mut lines = io::stdin().lock().lines().map(|line| line.unwrap());
    if how == "batch" {
        loop {
            let batch: Vec<String> = lines.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            assert!(producer.send_batch(&batch, Timeout::Forever)?.is_done());
        }
    }
    for line in lines {
        assert!(producer.send(line.as_bytes(), Timeout::Forever)?.is_done());
    }
    Ok(())
}

fn bench_send(producer: &mut Producer) -> Result<(), Error> {
    for _ in 0..BENCH_RECORDS {
        assert!(producer.send(&[0; BENCH_BYTES], Timeout::Now)?.is_done());
    }
    Ok(())
}

fn bench_send_batches(producer: &mut Producer) -> Result<(), Error> {
    let records = [[0; BENCH_BYTES]; BATCH];
    for _ in 0..BENCH_RECORDS / BATCH {
        assert!(producer.send_batch(&records, Timeout::Now)?.is_done());
    }
    Ok(())
}

fn bench_read(consumer: &mut Consumer) -> Result<(), Error> {
    let mut sum = 0;
    for _ in 0..BENCH_RECORDS {
        sum += u32::from(consumer.next(Timeout::Now)?.got().unwrap()[0]);
        consumer.release()?;
    }
    assert_eq!(sum, 0);
    Ok(())
}

fn bench_read_batches(consumer: &mut Consumer) -> Result<(), Error> {
    let (mut sum, mut done) = (0, 0);
    while done < BENCH_RECORDS {
        let batch = consumer.batch(BATCH, Timeout::Now)?.got().unwrap();
        for record in batch.iter() {
            sum += u32::from(record[0]);
            done += 1;
        }
    }
    assert_eq!(sum, 0);
    Ok(())
}

fn measure_round(in_batches: bool) -> Result<(), Error> {
    let ring = "test-peer-bench-rust";
    let options = Options { capacity_bytes: 1 << 26, prefault: true, ..Default::default() };
    let mut producer = Producer::open(ring, &options)?;
    let mut consumer =
        Consumer::open(ring, &ConsumerOptions { prefault: true, ..Default::default() })?;
    let begin = Instant::now();
    if in_batches { bench_send_batches(&mut producer)? } else { bench_send(&mut producer)? }
    let sent = Instant::now();
    if in_batches { bench_read_batches(&mut consumer)? } else { bench_read(&mut consumer)? }
    let per_record = |time: Duration| time.as_nanos() as f64 / BENCH_RECORDS as f64;
    say(&format!("{:.1} {:.1}", per_record(sent - begin), per_record(sent.elapsed())));
    remove(ring, Scope::Local, true)
}

fn measure(how: &str, rounds: &str) -> Result<(), Error> {
    (0..rounds.parse().unwrap()).try_for_each(|_| measure_round(how == "batch"))
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["read", how, ring, milliseconds] => read(how, ring, milliseconds),
        ["send" | "batch", ring] => send_lines(words[0], ring),
        ["hold", ring] => hold(ring),
        ["layout"] => {
            layout::print();
            Ok(())
        }
        ["bench", how, count] => measure(how, count),
        _ => {
            eprintln!("usage: peer read|send|batch|hold|layout|bench ARGUMENT...");
            exit(64)
        }
    };
    if let Err(error) = done {
        eprintln!("peer: {error}");
        exit(-error.code());
    }
}
