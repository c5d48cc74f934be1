package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ManualClockTest {

    private final ManualClock clock = ManualClock.create();

    @Test
    void stands_still_until_it_is_advanced() {
        assertThat(clock.nanoTime()).isEqualTo(clock.nanoTime());
        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        clock.advance(Duration.ofSeconds(90));
        assertThat(clock.nanoTime()).isEqualTo(90_000_000_000L);
        assertThat(clock).hasToString("ManualClock[2026-01-01T00:01:30Z]");
    }

    @Test
    void does_not_go_back() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a clock does not go back: PT-1S");
    }

    @Test
    void wakes_a_thread_when_its_time_has_come_and_not_before() throws Exception {
        CompletableFuture<Long> woken = CompletableFuture.supplyAsync(() -> waitUntil(10_000_000_000L));
        clock.awaitTimers(1);
        clock.advance(Duration.ofSeconds(9));
        assertThat(woken).isNotDone();
        assertThat(clock.waiters()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(woken.get(10, TimeUnit.SECONDS)).isEqualTo(10_000_000_000L);
        assertThat(clock.waiters()).isZero();
    }

    @Test
    void does_not_wait_for_a_time_that_has_passed() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        clock.await(lock.newCondition(), lock, clock.nanoTime());
        assertThat(clock.waiters()).isZero();
    }

    @Test
    void counts_a_thread_that_waits_without_a_bound_as_a_waiter_but_not_as_a_timer() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        CountDownLatch left = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            lock.lock();
            try {
                clock.await(condition, lock, Long.MAX_VALUE);
            } catch (InterruptedException e) {
                left.countDown();
            } finally {
                lock.unlock();
            }
        });
        thread.start();
        clock.awaitWaiters(1);
        clock.advance(Duration.ofDays(1000));
        assertThat(clock.waiters()).isEqualTo(1);
        thread.interrupt();
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void no_wake_up_is_lost_however_threads_and_clock_interleave() throws Exception {
        for (int round = 0; round < 300; round++) {
            ManualClock each = ManualClock.create();
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> waitUntil(each, 1));
            each.advance(Duration.ofNanos(1));
            waiting.get(10, TimeUnit.SECONDS);
        }
    }

    private long waitUntil(long nanos) {
        return waitUntil(clock, nanos);
    }

    private static long waitUntil(ManualClock clock, long nanos) {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        lock.lock();
        try {
            while (clock.nanoTime() < nanos) {
                clock.await(condition, lock, nanos);
            }
            return clock.nanoTime();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }
}
