package io.fmware.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.Priority;
import io.fmware.route.PermitQueue.Turn;
import io.fmware.route.PermitQueue.Waiter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PermitQueueTest {
    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    @Test
    void the_highest_priority_is_served_first_and_the_oldest_of_it() {
        PermitQueue queue = new PermitQueue(1);
        assertThat(queue.tryEnter()).isTrue();
        Waiter low = queue.enter(Priority.BACKGROUND, 10);
        Waiter normal = queue.enter(Priority.NORMAL, 10);
        Waiter second = queue.enter(Priority.NORMAL, 10);
        Waiter high = queue.enter(Priority.CRITICAL, 10);

        for (Waiter next : List.of(high, normal, second, low)) {
            assertThat(next.turn()).isNotDone();
            queue.release();
            assertThat(next.turn()).isCompletedWithValue(Turn.GRANTED);
        }
        assertThat(queue.inFlight()).isEqualTo(1);
        assertThat(queue.queued()).isZero();
    }

    @Test
    void in_a_full_queue_the_last_of_the_lowest_gives_way_to_one_that_matters_more() {
        PermitQueue queue = new PermitQueue(1);
        queue.tryEnter();
        Waiter first = queue.enter(Priority.BACKGROUND, 3);
        Waiter last = queue.enter(Priority.BACKGROUND, 3);
        Waiter normal = queue.enter(Priority.NORMAL, 3);

        assertThat(queue.enter(Priority.BACKGROUND, 3)).isNull();
        assertThat(queue.enter(Priority.NORMAL, 3)).isNotNull();
        assertThat(last.turn()).isCompletedWithValue(Turn.DISPLACED);
        assertThat(queue.enter(Priority.CRITICAL, 3)).isNotNull();
        assertThat(first.turn()).isCompletedWithValue(Turn.DISPLACED);
        assertThat(queue.enter(Priority.NORMAL, 3)).isNull();
        assertThat(normal.turn()).isNotDone();
        assertThat(queue.queued()).isEqualTo(3);
    }

    @Test
    void who_leaves_takes_no_permit_along() {
        PermitQueue queue = new PermitQueue(1);
        queue.tryEnter();
        Waiter waiter = queue.enter(Priority.NORMAL, 1);

        assertThat(queue.leave(waiter)).isTrue();
        assertThat(queue.leave(waiter)).isFalse();
        queue.release();
        assertThat(waiter.turn()).isNotDone();
        assertThat(queue.inFlight()).isZero();
    }

    @Test
    void nobody_passes_those_who_wait() {
        PermitQueue queue = new PermitQueue(1);
        queue.tryEnter();
        Waiter waiter = queue.enter(Priority.BACKGROUND, 1);
        queue.resize(0);
        queue.release();

        assertThat(queue.tryEnter()).isFalse();
        queue.resize(1);
        assertThat(waiter.turn()).isCompletedWithValue(Turn.GRANTED);
    }

    @Test
    void a_limit_that_is_lowered_takes_no_permit_away_and_a_raised_one_lets_in_who_waits() {
        PermitQueue queue = new PermitQueue(3);
        queue.tryEnter();
        queue.tryEnter();
        queue.tryEnter();
        queue.resize(1);
        Waiter waiter = queue.enter(Priority.NORMAL, 5);
        queue.release();
        queue.release();
        assertThat(waiter.turn()).isNotDone();
        queue.release();
        assertThat(waiter.turn()).isCompletedWithValue(Turn.GRANTED);
        Waiter next = queue.enter(Priority.NORMAL, 5);
        queue.resize(2);
        assertThat(next.turn()).isCompletedWithValue(Turn.GRANTED);
    }

    /** Beside a model that is plain enough to be seen through: a list, sorted when somebody is let in. */
    @Property(tries = 500)
    void any_order_of_steps_does_what_a_sorted_list_does(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 4) int room) {
        Random random = new Random(seed);
        PermitQueue queue = new PermitQueue(2);
        int limit = 2;
        int inFlight = 0;
        List<Place> waiting = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    Priority priority = PRIORITIES.get(random.nextInt(3));
                    Waiter waiter = queue.enter(priority, room);
                    if (waiting.isEmpty() && inFlight < limit) {
                        inFlight++;
                        assertThat(waiter.turn()).isCompletedWithValue(Turn.GRANTED);
                    } else {
                        if (waiting.size() >= room) {
                            Place lowest = waiting.stream()
                                    .max(Place.FIRST)
                                    .filter(place -> place.priority.compareTo(priority) > 0)
                                    .orElse(null);
                            if (lowest == null) {
                                assertThat(waiter).isNull();
                                break;
                            }
                            waiting.remove(lowest);
                            assertThat(lowest.waiter.turn()).isCompletedWithValue(Turn.DISPLACED);
                        }
                        waiting.add(new Place(priority, step, waiter));
                    }
                }
                case 2 -> {
                    if (inFlight > 0) {
                        inFlight--;
                        queue.release();
                    } else if (!waiting.isEmpty()) {
                        Place left = waiting.remove(random.nextInt(waiting.size()));
                        assertThat(queue.leave(left.waiter)).isTrue();
                    }
                }
                default -> {
                    limit = random.nextInt(4);
                    queue.resize(limit);
                }
            }
            while (inFlight < limit && !waiting.isEmpty()) {
                Place first = waiting.stream().min(Place.FIRST).orElseThrow();
                waiting.remove(first);
                assertThat(first.waiter.turn()).isCompletedWithValue(Turn.GRANTED);
                inFlight++;
            }
            assertThat(waiting)
                    .allSatisfy(place -> assertThat(place.waiter.turn()).isNotDone());
            assertThat(queue.inFlight()).isEqualTo(inFlight);
            assertThat(queue.queued()).isEqualTo(waiting.size());
        }
    }

    private record Place(Priority priority, int step, Waiter waiter) {
        static final Comparator<Place> FIRST =
                Comparator.comparing(Place::priority).thenComparing(Place::step);
    }

    @Test
    @Timeout(60)
    void under_stress_no_permit_is_lost_and_the_limit_is_never_passed() throws Exception {
        int limit = 3;
        int threads = 8;
        PermitQueue queue = new PermitQueue(limit);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Random random = new Random(t);
            running.add(pool.submit(() -> {
                start.await();
                for (int i = 0; i < 100_000; i++) {
                    if (queue.tryEnter() || isLetIn(queue, random)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        for (int spin = 0; spin < 20; spin++) {
                            Thread.onSpinWait(); // so that others have to wait
                        }
                        inside.decrementAndGet();
                        queue.release();
                    }
                    queue.resize(1 + i % limit);
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> each : running) {
            each.get(50, TimeUnit.SECONDS);
        }
        pool.shutdown();
        queue.resize(limit);

        assertThat(most.get()).isBetween(1, limit);
        assertThat(queue.inFlight()).isZero();
        assertThat(queue.queued()).isZero();
        for (int i = 0; i < limit; i++) {
            assertThat(queue.tryEnter()).isTrue();
        }
        assertThat(queue.tryEnter()).isFalse();
    }

    private static boolean isLetIn(PermitQueue queue, Random random) throws Exception {
        Waiter waiter = queue.enter(PRIORITIES.get(random.nextInt(3)), 4);
        if (waiter == null) {
            return false;
        }
        if (random.nextInt(4) > 0 && queue.leave(waiter)) {
            assertThat(waiter.turn()).isNotDone();
            return false;
        }
        return waiter.turn().get(20, TimeUnit.SECONDS) == Turn.GRANTED;
    }
}
