package io.fmware.provider;

import io.fmware.BoundaryInterceptor;
import io.fmware.FmRun;
import io.fmware.RunOrder;
import io.fmware.RunTurn;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes the turns of a run, or sees to it that they are those that were noted before; and the events in their order. */
public final class Turns implements BoundaryInterceptor, RunOrder {
    private final @Nullable List<String> wanted;
    private final Duration patience;
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private final List<String> stalled = Collections.synchronizedList(new ArrayList<>());
    private final List<String> unordered = Collections.synchronizedList(new ArrayList<>());
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    private Turns(@Nullable List<String> wanted, Duration patience) {
        this.wanted = wanted;
        this.patience = patience;
    }

    public static Turns noting() {
        return new Turns(null, Duration.ofSeconds(1));
    }

    /** Lets threads go on in an order only; patient enough for a slow machine. */
    public static Turns enforcing(List<String> wanted) {
        return new Turns(List.copyOf(wanted), Duration.ofSeconds(20));
    }

    public Turns patience(Duration changed) {
        return new Turns(wanted, changed);
    }

    @Override
    public RunOrder order(FmRun run) {
        return this;
    }

    @Override
    public boolean isNext(RunPath path, RunTurn turn) {
        return wanted == null
                || (taken.size() < wanted.size() && wanted.get(taken.size()).equals(turn.word() + " " + path));
    }

    @Override
    public void taken(RunPath path, RunTurn turn) {
        taken.add(turn.word() + " " + path);
    }

    @Override
    public void stalled(RunPath path, RunTurn turn, Duration waited) {
        stalled.add(turn.word() + " " + path + " after " + waited);
    }

    @Override
    public void unordered(RunPath path) {
        unordered.add(path.toString());
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public void event(FmEvent event) {
        String asked = event instanceof FmEvent.Asked question ? " " + question.question() : "";
        told.add(event.type() + " " + event.origin().path() + asked);
    }

    public List<String> taken() {
        return List.copyOf(taken);
    }

    public List<String> stalls() {
        return List.copyOf(stalled);
    }

    public List<String> unordered() {
        return List.copyOf(unordered);
    }

    /** The events by type and path, with what agents are asked, in their order. */
    public List<String> told() {
        return List.copyOf(told);
    }
}
