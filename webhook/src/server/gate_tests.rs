use std::sync::Arc;

use super::*;

fn gate(width: usize, max_queued: usize, max_wait: u64) -> Arc<Gate> {
    Arc::new(Gate {
        turns: Semaphore::new(width),
        width,
        max_queued,
        max_wait: Duration::from_secs(max_wait),
        queued: AtomicUsize::new(0),
        pace: AtomicU64::new(0),
        metrics: LoadMetrics::default(),
    })
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(work)
}

fn seconds(count: u64) -> Instant {
    // The runtime's clock, which waits for nobody.
    tokio::time::Instant::now().into_std() + Duration::from_secs(count)
}

#[test]
fn those_who_wait_get_their_turns_in_order() {
    run(async {
        let gate = gate(1, 2, 60);
        let first = gate.enter(seconds(60)).await.unwrap();
        let mut waiting = Vec::new();
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        for number in 0..2 {
            let (gate, order) = (gate.clone(), order.clone());
            waiting.push(tokio::spawn(async move {
                let turn = gate.enter(seconds(60)).await.unwrap();
                order.lock().unwrap().push(number);
                drop(turn);
            }));
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.metrics.queued.get(), 2);
        assert_eq!(gate.enter(seconds(60)).await.err(), Some(Shed::Full));
        drop(first);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1]);
        assert_eq!((gate.metrics.queued.get(), gate.metrics.in_flight.get()), (0, 0));
    });
}

#[test]
fn who_cannot_be_served_in_time_is_told_so() {
    run(async {
        let gate = gate(1, 10, 5);
        let turn = gate.enter(seconds(60)).await.unwrap();
        // Nobody leaves: the longest wait, and the deadline where that is nearer.
        assert_eq!(gate.enter(seconds(60)).await.err(), Some(Shed::Late));
        assert_eq!(gate.enter(seconds(1)).await.err(), Some(Shed::Late));
        drop(turn);
        // Where turns take minutes, nobody needs to wait to know.
        for _ in 0..100 {
            gate.took(Duration::from_secs(600));
        }
        let _turn = gate.enter(seconds(60)).await.unwrap();
        let before = tokio::time::Instant::now();
        assert_eq!(gate.enter(seconds(4)).await.err(), Some(Shed::Late));
        assert_eq!(tokio::time::Instant::now(), before);
    });
}

#[test]
fn a_turn_that_is_given_up_is_free_again() {
    run(async {
        let gate = gate(1, 10, 60);
        let turn = gate.enter(seconds(60)).await.unwrap();
        let waiting = tokio::spawn({
            let gate = gate.clone();
            async move { gate.enter(seconds(60)).await.map(drop) }
        });
        tokio::task::yield_now().await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(gate.metrics.queued.get(), 0);
        drop(turn);
        assert!(gate.enter(seconds(1)).await.is_ok());
    });
}
