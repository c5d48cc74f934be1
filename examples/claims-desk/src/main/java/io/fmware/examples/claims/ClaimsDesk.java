package io.fmware.examples.claims;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryInterceptor;
import io.fmware.observability.recorder.FlightRecorder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The command line. Exit code 0: agreed; 1: a colleague has to take over; 2: something is for the user to put right. */
public final class ClaimsDesk {
    private static final int AGREED = 0;
    private static final int NOT_AGREED = 1;
    private static final int USER_ERROR = 2;
    private static final String TREE = "--tree";
    private static final String FAULTS = "--faults";

    private ClaimsDesk() {}

    /**
     * Settles a claim.
     *
     * @param args the number of a claim, by default {@code C-1}; {@code --tree} shows what happened by path, {@code --faults} with a
     *     number gives the model a bad day
     */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.getenv(), System.out, System.err));
    }

    static int run(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
        List<String> claims = new ArrayList<>(args);
        boolean tree = claims.remove(TREE);
        RunTree seen = new RunTree();
        try {
            Long faults = faults(claims);
            if (claims.size() > 1) {
                throw new UserError("give one claim, and " + TREE + " to see what happens");
            }
            Claim claim = Claim.of(claims.isEmpty() ? "C-1" : claims.get(0));
            List<BoundaryInterceptor> watchers = new ArrayList<>(List.of(seen));
            try (Telemetry telemetry = Telemetry.of(environment);
                    FlightRecorder recorder = BlackBox.of(environment, err)) {
                if (telemetry != null) {
                    watchers.add(telemetry.watcher());
                }
                if (recorder != null) {
                    watchers.add(recorder);
                }
                Outcome outcome = settle(claim, models(environment, faults), watchers);
                out.println(outcome);
                return outcome.agreed() ? AGREED : NOT_AGREED;
            }
        } catch (UserError e) {
            err.println("claims-desk: " + e.getMessage());
            return USER_ERROR;
        } catch (RuntimeException e) {
            err.println("claims-desk: unexpected: " + causeOf(e));
            return USER_ERROR;
        } finally {
            if (tree) {
                out.println(seen);
            }
        }
    }

    private static @Nullable Long faults(List<String> args) {
        int at = args.indexOf(FAULTS);
        if (at < 0) {
            return null;
        }
        args.remove(at);
        String seed = at < args.size() ? args.remove(at) : "";
        try {
            return Long.valueOf(seed);
        } catch (NumberFormatException e) {
            throw new UserError(
                    FAULTS + " is '" + seed + "'; give it a number, such as 128: the same number, the same faults");
        }
    }

    /** The model of each agent. */
    static Function<String, ChatModel> models(Map<String, String> environment, @Nullable Long faults) {
        ChatModel model = ModelChoice.of(environment);
        return faults == null ? agent -> model : Trouble.with(model, faults);
    }

    /** Settles a claim as {@code CLAIM --faults SEED} does; for tests, which are not watched. */
    static Outcome settle(String claim, long faults) {
        return settle(Claim.of(claim), models(System.getenv(), faults), List.of());
    }

    static Outcome settle(
            Claim claim, Function<String, ChatModel> models, List<? extends BoundaryInterceptor> watchers) {
        try (ClaimsOffice office = new ClaimsOffice(models, List.copyOf(watchers))) {
            return office.settle(claim);
        }
    }

    /** Agents wrap what went wrong once for each agent around it. */
    private static Throwable causeOf(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
