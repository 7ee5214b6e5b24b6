// SPDX-License-Identifier: MIT
//! What the interface in Rust promises beyond the one in C; check_peer.py does the rest.
use mapring::*;
use std::thread;

/// A ring that is removed at the end.
struct Ring(String);

impl Ring {
    fn new(name: &str) -> Ring {
        Ring(format!("test-rust-{name}-{}", std::process::id()))
    }

    fn pair(&self, options: &Options) -> (Producer, Consumer) {
        (Producer::open(&self.0, options).unwrap(), Consumer::open(&self.0, &Default::default()).unwrap())
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        let _ = remove(&self.0, Scope::Local, true);
    }
}

fn small() -> Options {
    Options { capacity_bytes: 65536, ..Options::default() }
}

fn got(consumer: &Consumer) -> Record<'_> {
    consumer.next(Timeout::Now).unwrap().got().expect("a record")
}

#[test]
fn several_records_are_held_and_released_together() {
    let ring = Ring::new("held");
    let (mut producer, mut consumer) = ring.pair(&small());
    for text in ["one", "two", ""] {
        assert!(producer.send(text.as_bytes(), Timeout::Now).unwrap().is_done());
    }
    let (one, two, three) = (got(&consumer), got(&consumer), got(&consumer));
    assert_eq!((one.payload(), two.payload(), three.payload()), (&b"one"[..], &b"two"[..], &b""[..]));
    assert_eq!((one.sequence(), three.sequence()), (0, 2));
    consumer.release().unwrap();
    assert_eq!(consumer.release().unwrap_err().kind(), Kind::NothingHeld);
    assert!(matches!(consumer.next(Timeout::Now), Ok(Next::Nothing)));
}

#[test]
fn a_reservation_that_is_not_committed_has_never_been() {
    let ring = Ring::new("reserved");
    let (mut producer, consumer) = ring.pair(&small());
    drop(producer.reserve(100, Timeout::Now).unwrap());
    let mut place = producer.reserve(100, Timeout::Now).unwrap().done().unwrap();
    place[..4].copy_from_slice(b"kept");
    place.commit(4).unwrap();
    let place = producer.reserve(8, Timeout::Now).unwrap().done().unwrap();
    assert_eq!(place.commit(9).unwrap_err().kind(), Kind::Argument);
    let place = producer.reserve(8, Timeout::Now).unwrap().done().unwrap();
    place.commit_part(0).unwrap();
    assert_eq!(got(&consumer).payload(), b"kept");
    assert!(got(&consumer).continued());
    assert!(matches!(consumer.next(Timeout::Now), Ok(Next::Nothing)));
}

#[test]
fn a_full_ring_is_no_failure() {
    let ring = Ring::new("full");
    let (mut producer, _consumer) = ring.pair(&small());
    while producer.send(&[0; 1000], Timeout::Now).unwrap().is_done() {}
    assert_eq!(producer.send(&[0; 1000], Timeout::Now).unwrap(), Sent::NoRoom);
    assert_eq!(producer.send(&[0; 1000], std::time::Duration::from_millis(1).into()).unwrap(), Sent::NoRoom);
    assert_eq!(producer.drain(Timeout::Now).unwrap(), Waited::TimedOut);
    assert_eq!(producer.send(&[0; 40000], Timeout::Now).unwrap_err().kind(), Kind::RecordTooLarge);
}

#[test]
fn losses_are_told() {
    let ring = Ring::new("lost");
    let (mut producer, mut consumer) = ring.pair(&Options { when_full: WhenFull::Drop, ..small() });
    let mut sent = 0;
    while producer.send(&[0; 1000], Timeout::Now).unwrap() != Sent::Dropped {
        sent += 1;
    }
    assert_eq!(consumer.messages(Timeout::Now).count(), sent);
    assert!(producer.send(b"after", Timeout::Now).unwrap().is_done());
    drop(producer);
    let mut messages = consumer.messages(Timeout::Forever);
    let lost = messages.next().unwrap().unwrap();
    assert!(matches!(lost, Message::Lost(Loss { records: 1, bytes: 1000, .. })), "{lost:?}");
    assert_eq!(messages.next().unwrap().unwrap(), Message::Record(b"after".to_vec()));
    assert!(messages.next().is_none() && messages.next().is_none());
    assert_eq!(messages.end(), Some(End::Closed));
}

#[test]
fn batches_arrive_as_they_were_sent() {
    let ring = Ring::new("batch");
    let (mut producer, mut consumer) = ring.pair(&small());
    for _ in 0..1000 {
        assert!(producer.send_batch(&["a", "bc", ""], Timeout::Now).unwrap().is_done());
        let batch = consumer.batch(64, Timeout::Now).unwrap().got().unwrap();
        assert_eq!(batch.iter().map(|record| record.to_vec()).collect::<Vec<_>>(), [&b"a"[..], b"bc", b""]);
        assert_eq!(batch.len(), 3);
    }
    assert_eq!(producer.send_batch::<&str>(&[], Timeout::Now).unwrap_err().kind(), Kind::Argument);
    assert_eq!(consumer.batch(0, Timeout::Now).unwrap_err().kind(), Kind::Argument);
    assert!(matches!(consumer.batch(8, Timeout::Now), Ok(Next::Nothing)));
}

#[test]
fn a_buffer_that_is_too_small_says_what_is_needed() {
    let ring = Ring::new("buffer");
    let (mut producer, mut consumer) = ring.pair(&small());
    let mut observer = Observer::open(&ring.0, &Default::default()).unwrap();
    assert!(producer.send(&[7; 100], Timeout::Now).unwrap().is_done());
    let (mut tiny, mut buffer) = ([0; 10], [0; 100]);
    let error = consumer.receive(&mut tiny, Timeout::Now).unwrap_err();
    assert_eq!((error.kind(), error.bytes_needed()), (Kind::BufferTooSmall, Some(100)));
    assert_eq!(observer.receive(&mut tiny, Timeout::Now).unwrap_err().bytes_needed(), Some(100));
    assert_eq!(observer.receive(&mut buffer, Timeout::Now).unwrap().got().unwrap().len(), 100);
    assert_eq!(consumer.receive(&mut buffer, Timeout::Now).unwrap().got().unwrap().payload(), &[7; 100]);
}

#[test]
fn handles_move_to_other_threads() {
    let ring = Ring::new("threads");
    let (mut producer, mut consumer) = ring.pair(&small());
    let sender = thread::spawn(move || {
        for i in 0..20000u32 {
            assert!(producer.send(&i.to_ne_bytes(), Timeout::Forever).unwrap().is_done());
        }
    });
    let reader = thread::spawn(move || {
        let messages = consumer.messages(Timeout::Forever);
        messages.map(|message| message.unwrap()).enumerate().all(|(i, message)| {
            message == Message::Record((i as u32).to_ne_bytes().to_vec())
        })
    });
    sender.join().unwrap();
    assert!(reader.join().unwrap());
}

#[test]
fn failures_say_what_was_wrong() {
    let error = Consumer::open("test-rust-missing", &Default::default()).err().unwrap();
    assert_eq!((error.kind(), error.code()), (Kind::NotThere, -5));
    assert!(error.to_string().contains("test-rust-missing"), "{error}");
    assert_eq!(Producer::open("a\0b", &small()).err().unwrap().kind(), Kind::Name);
    let invalid = Options { capacity_bytes: 12345, ..small() };
    assert_eq!(Producer::open("test-rust-invalid", &invalid).err().unwrap().kind(), Kind::Geometry);
    assert!(version().starts_with("0."));
}

#[test]
fn a_ring_says_what_it_holds() {
    let ring = Ring::new("times");
    let options = Options { content: Some("text/plain".into()), times: true, ..small() };
    let (mut producer, consumer) = ring.pair(&options);
    assert!(producer.send(b"now", Timeout::Now).unwrap().is_done());
    assert!(got(&consumer).time_ns() > 1_600_000_000_000_000_000);
    assert_eq!(producer.wait_consumers(1, Timeout::Now).unwrap(), Waited::Done);
}
