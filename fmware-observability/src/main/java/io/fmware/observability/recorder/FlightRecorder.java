package io.fmware.observability.recorder;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunOrder;
import io.fmware.StreamEvent;
import io.fmware.TimeSource;
import io.fmware.event.EventOrigin;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what an application with foundation models does, so that it is still there when the process is not.
 *
 * <pre>{@code
 * FlightRecorder recorder = FlightRecorder.open(Path.of("flights"));
 * FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
 * }</pre>
 *
 * <p>What happened, when and where is recorded of every event, before the application goes on. What was asked, answered and
 * thought is redacted, and recorded by {@linkplain Builder#content rule}; the rest is kept in memory for a while, and written
 * when a {@linkplain Builder#trigger trigger} fires.
 *
 * <p>A recorder never breaks a call: what cannot be recorded is counted, said once in the log, and told in the recording as soon
 * as something can be written again.
 *
 * <p>Thread-safe. To be closed after the pipelines that it watches.
 *
 * <p>Long for the documentation of its builder.
 */
public final class FlightRecorder implements BoundaryInterceptor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FlightRecorder.class);
    private static final int MOST_TROUBLED = 10_000;

    private final Path directory;
    private final TimeSource time;
    private final FlightLog flights;
    private final EventEncoder encoder;
    private final RunChains chains = new RunChains();
    private final Redactor redactor;
    private final boolean pieces;
    private final ContentRule rule;
    private final Trigger trigger;
    private final BiConsumer<String, String> anchor;
    private final Recent recent;
    private final Set<String> troubled = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean complained = new AtomicBoolean();

    private final boolean exact;

    private FlightRecorder(Builder builder) throws IOException {
        this.directory = builder.directory;
        this.exact = builder.exact;
        this.time = builder.time;
        this.redactor = builder.redactor;
        this.pieces = builder.pieces;
        this.rule = builder.rule;
        this.trigger = builder.trigger;
        this.anchor = builder.anchor;
        this.recent = new Recent(builder.recent.toNanos(), builder.recentBytes);
        this.encoder = new EventEncoder(builder.redactor, new ContentIds(builder.key), builder.exact);
        this.flights = new FlightLog(
                builder.directory,
                new LogSettings(builder.segmentBytes, builder.durability, builder.mostBytes, builder.longest),
                time);
    }

    /**
     * Records into a directory, with the defaults of {@link #builder}.
     *
     * @param directory where to; made where it is not there
     * @return the recorder
     * @throws IOException if nothing can be written there
     */
    public static FlightRecorder open(Path directory) throws IOException {
        return builder(directory).open();
    }

    /**
     * Starts a recorder.
     *
     * @param directory where to record to; several recorders and processes may share it
     * @return a builder
     */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /**
     * What a recording is made with, as its runs say.
     *
     * @return versions by the names of libraries, such as {@code langchain4j}
     */
    public static Map<String, String> versions() {
        return Versions.KNOWN;
    }

    @Override
    public @Nullable RunOrder order(FmRun run) {
        return exact ? AnyOrder.INSTANCE : null;
    }

    @Override
    public void event(FmEvent event) {
        long now = time.nanoTime();
        StoredEvent stored;
        try {
            stored = encoder.encode(event, now);
        } catch (RuntimeException | Error e) { // of what the application gave, as text
            failed(event.type(), e);
            return;
        }
        String run = event.origin().run();
        boolean fired = says(() -> trigger.fires(event));
        boolean kept = fired || troubled.contains(run) || says(() -> rule.keeps(event));
        if (fired) {
            if (troubled.size() >= MOST_TROUBLED) { // of runs that nobody closes
                troubled.clear();
            }
            troubled.add(run);
            flights.append(recent.take(now));
        }
        RunChain chain = chains.of(run);
        boolean last = event instanceof FmEvent.RunEnded;
        write(chain, stored, kept, now, last);
        if (last) {
            chains.end(run);
            troubled.remove(run);
            if (chain != null) {
                says(() -> anchored(encoder.id(run), chain.head()));
            }
        }
    }

    /** Writes an event, and its contents now or when a trigger fires. */
    private void write(@Nullable RunChain chain, StoredEvent event, boolean kept, long now, boolean last) {
        List<Blob> contents = kept ? event.contents() : List.of();
        if (!kept) {
            recent.add(now, event.contents());
        }
        if (chain == null) {
            flights.append(event.skeleton(), event.skeleton().length, contents);
            return;
        }
        chain.lock();
        try {
            if (chain.hasEnded()) {
                return; // a piece that came while its run ended, which says how much was still open in it
            }
            byte[] linked = chain.linked(event.skeleton());
            if (!flights.append(linked, linked.length, contents)) {
                chain.takeBack(); // which the recording tells as lost
            }
            if (last) {
                chain.end();
            }
        } finally {
            chain.unlock();
        }
    }

    @Override
    public boolean watchesChunks() {
        return pieces;
    }

    @Override
    public @Nullable Object opened(Boundary boundary) {
        return pieces && boundary.kind() == BoundaryKind.ATTEMPT ? new Pieces(redactor) : null;
    }

    @Override
    public void chunk(Boundary boundary, @Nullable Object token, StreamEvent piece) {
        if (token instanceof Pieces stream) {
            FmEvent event = new FmEvent.ChunkArrived(
                    new EventOrigin(boundary.run().id(), boundary.path(), stream.count() + 1, time.instant()),
                    Pieces.raw(piece));
            stream.keep(says(() -> rule.keeps(event)));
            write(boundary, stream, () -> List.of(stream.next(piece)));
        }
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        if (token instanceof Pieces stream) {
            write(boundary, stream, stream::rest);
        }
    }

    private void write(Boundary of, Pieces stream, Supplier<List<Pieces.Piece>> told) {
        String run = of.run().id();
        RunChain chain = chains.open(run);
        if (chain == null) {
            return; // the run has ended, which says how much was still open in it
        }
        try {
            for (Pieces.Piece each : told.get()) {
                long now = time.nanoTime();
                StoredEvent event = encoder.encode(of, each, time.instant(), now);
                write(chain, event, stream.isKept() || troubled.contains(run), now, false);
            }
        } catch (RuntimeException | Error e) {
            failed("chunk", e);
        }
    }

    private boolean anchored(String run, String head) {
        anchor.accept(run, head);
        return true;
    }

    private boolean says(BooleanSupplier decision) {
        try {
            return decision.getAsBoolean();
        } catch (RuntimeException | Error e) {
            if (complained.compareAndSet(false, true)) {
                log.warn(
                        "a rule, a trigger or an anchor of the flight recorder failed, and is taken for a no; this is logged"
                                + " once",
                        e);
            }
            return false;
        }
    }

    private void failed(String type, Throwable e) {
        flights.lost("an event of type " + type + " cannot be encoded", e);
    }

    /**
     * How many events and contents could not be recorded so far.
     *
     * @return the number, 0 where all is well
     */
    public long lost() {
        return flights.lost();
    }

    /**
     * Writes the contents of the last moments now, as a trigger does: where somebody sees that something is wrong.
     */
    public void keepRecent() {
        flights.append(recent.take(time.nanoTime()));
    }

    /**
     * Takes runs out of the recording, also out of what this recorder has written up to now; see {@link Recording#erase}. Contents
     * that wait for a trigger are forgotten, of all runs.
     *
     * @param which which runs
     * @return what was erased, and what was not
     * @throws IOException if the disk cannot be read or written, or somebody else erases from the directory right now
     */
    public Erasure erase(Predicate<? super RecordedRun> which) throws IOException {
        recent.take(time.nanoTime());
        flights.renew();
        return new Eraser(directory, time).erase(which);
    }

    /** Ends the recording; waits until it is compressed, 30 seconds at most. */
    @Override
    public void close() {
        flights.close();
    }

    @Override
    public String toString() {
        return "recorder";
    }

    /** Sets a recorder up. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final int SEGMENT = 16 << 20;
        private static final int LEAST_SEGMENT = 256 << 10;
        private static final int MOST_SEGMENT = 1 << 30;
        private static final int KEY = 16;

        private final Path directory;
        private Redactor redactor = Redactor.standard();
        private boolean pieces;
        private boolean exact;
        private ContentRule rule = ContentRule.none();
        private Trigger trigger = Trigger.failures();
        private BiConsumer<String, String> anchor = (run, head) -> {};
        private Duration recent = Duration.ofSeconds(30);
        private long recentBytes = 16L << 20;
        private Durability durability = Durability.PROCESS;
        private int segmentBytes = SEGMENT;
        private long mostBytes = 1L << 30;
        private Duration longest = Duration.ofDays(30);
        private TimeSource time = TimeSource.system();
        private byte[] key = random();

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        private static byte[] random() {
            byte[] key = new byte[KEY];
            new SecureRandom().nextBytes(key);
            return key;
        }

        /**
         * What removes secrets and personal data before anything is written; {@link Redactor#standard()} by default.
         *
         * @param redactor the redactor
         * @return this
         */
        public Builder redactor(Redactor redactor) {
            this.redactor = Objects.requireNonNull(redactor, "redactor");
            return this;
        }

        /**
         * Of which events the content is recorded at once: {@link ContentRule#none()} by default, so that it is written only where
         * something goes wrong.
         *
         * @param rule the rule
         * @return this
         */
        public Builder content(ContentRule rule) {
            this.rule = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /**
         * Also records each piece of a streamed answer, as the model sent it: when it came, how long it was, and where a rule or a
         * trigger says so its text. Off by default, since each costs as much as an event. A rule sees it as a
         * {@link FmEvent.ChunkArrived} whose number is that in its stream.
         *
         * @return this
         */
        public Builder pieces() {
            this.pieces = true;
            return this;
        }

        /**
         * Also records in which order the threads of a run go on, so that a replay is identical whatever its timing: between
         * boundaries only one thread of a run is at work at a time. Off by default, since agents that work at once wait for each
         * other then; for tests, and for errors that depend on timing.
         *
         * @return this
         */
        public Builder exact() {
            this.exact = true;
            return this;
        }

        /**
         * When something has gone wrong: {@link Trigger#failures()} by default.
         *
         * @param trigger the trigger
         * @return this
         */
        public Builder trigger(Trigger trigger) {
            this.trigger = Objects.requireNonNull(trigger, "trigger");
            return this;
        }

        /**
         * Told of the id of each run that has ended, and the hash of its last event. Kept where nobody who can write the recording
         * can write, it shows with {@link Recording#verify} that nothing of the run was changed. Called on the thread that ends the
         * run, which waits.
         *
         * @param anchor takes the id and the hash
         * @return this
         */
        public Builder anchor(BiConsumer<String, String> anchor) {
            this.anchor = Objects.requireNonNull(anchor, "anchor");
            return this;
        }

        /**
         * How long contents that no rule keeps are held in memory for a trigger: 30 seconds and 16 MB by default.
         *
         * @param longest how long, zero for not at all
         * @param mostBytes how much of them, positive
         * @return this
         */
        public Builder recent(Duration longest, long mostBytes) {
            if (Objects.requireNonNull(longest, "longest").isNegative() || longest.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("recent must be from 0 to a day, but is " + longest);
            }
            if (mostBytes < 1) {
                throw new IllegalArgumentException("the bytes of recent must be positive, but are " + mostBytes);
            }
            this.recent = longest;
            this.recentBytes = mostBytes;
            return this;
        }

        /**
         * What an event has outlived once the application goes on: {@link Durability#PROCESS} by default.
         *
         * @param durability the level
         * @return this
         */
        public Builder durability(Durability durability) {
            this.durability = Objects.requireNonNull(durability, "durability");
            return this;
        }

        /**
         * The size of a segment, 16 MB by default, which is also what is taken of the disk at once. Rounded up to blocks of 32
         * KiB.
         *
         * @param bytes from 256 KiB to 1 GiB
         * @return this
         */
        public Builder segmentBytes(int bytes) {
            if (bytes < LEAST_SEGMENT || bytes > MOST_SEGMENT) {
                throw new IllegalArgumentException(
                        "segmentBytes must be from " + LEAST_SEGMENT + " to " + MOST_SEGMENT + ", but is " + bytes);
            }
            this.segmentBytes = (bytes + Frame.BLOCK - 1) & -Frame.BLOCK;
            return this;
        }

        /**
         * How long and how much segments are kept, 30 days and 1 GB by default; then the oldest go. Those that are being written
         * come on top of that: two for each recorder.
         *
         * @param longest how long, positive
         * @param mostBytes how much, positive
         * @return this
         */
        public Builder retain(Duration longest, long mostBytes) {
            if (mostBytes < 1) {
                throw new IllegalArgumentException("the bytes to retain must be positive, but are " + mostBytes);
            }
            if (Objects.requireNonNull(longest, "longest").isNegative() || longest.isZero()) {
                throw new IllegalArgumentException("the time to retain must be positive, but is " + longest);
            }
            this.mostBytes = mostBytes;
            this.longest = longest;
            return this;
        }

        /**
         * The key of the hashes that name contents: of at least 16 bytes that nobody else has. By default it is drawn anew for each
         * recorder. With one key for all, equal contents are seen to be equal across processes.
         *
         * @param secret the key, which is copied
         * @return this
         */
        public Builder key(byte[] secret) {
            if (secret.length < KEY) {
                throw new IllegalArgumentException("a key must have at least 16 bytes, but has " + secret.length);
            }
            this.key = secret.clone();
            return this;
        }

        /**
         * Which clocks the recording goes by; for tests.
         *
         * @param source the clocks
         * @return this
         */
        public Builder time(TimeSource source) {
            this.time = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Opens the recorder.
         *
         * @return the recorder
         * @throws IOException if nothing can be written into the directory
         */
        public FlightRecorder open() throws IOException {
            return new FlightRecorder(this);
        }
    }
}
