package io.fmware.examples.support;

import io.fmware.cost.Balance;
import io.fmware.cost.CostSummary;
import io.fmware.cost.Money;
import io.fmware.examples.support.Outcome.Kind;
import io.fmware.retry.RepromptReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The outcomes of a run in figures. Not thread-safe. */
final class Summary {
    private final List<Outcome> outcomes = new ArrayList<>();

    void add(Outcome outcome) {
        outcomes.add(outcome);
    }

    int count(Kind kind) {
        return count(outcome -> outcome.kind() == kind);
    }

    int reprompted() {
        return count(outcome -> outcome.effort().reprompts() > 0);
    }

    int fellBack() {
        return count(outcome -> outcome.effort().fallbacks() > 0);
    }

    /** Those that got an answer without a model. */
    int fromCache() {
        return count(outcome -> outcome.answer() != null && outcome.effort().attempts() == 0);
    }

    private int count(Predicate<Outcome> which) {
        return (int) outcomes.stream().filter(which).count();
    }

    /** The duration that a share of the questions did not exceed, by nearest rank. */
    Duration percentile(double share) {
        List<Duration> sorted =
                outcomes.stream().map(Outcome::duration).sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    int retried() {
        return count(outcome -> outcome.effort().retries() > 0);
    }

    /** The longest that a question took. */
    Duration longest() {
        return percentile(1);
    }

    /**
     * Prints all of it.
     *
     * @param costs what all questions together took, and what each part of the pipeline did
     * @param balance of what may be spent on the first model
     * @param reprompts which strategy healed what
     */
    void print(PrintStream out, Duration total, CostSummary costs, Balance balance, RepromptReport reprompts) {
        row(out, "questions", outcomes.size());
        share(out, "answered", count(Kind.ANSWERED));
        share(out, "refused", count(Kind.REFUSED));
        share(out, "failed", count(Kind.FAILED));
        share(out, "from cache", fromCache());
        share(out, "retried", retried());
        share(out, "re-prompted", reprompted());
        share(out, "fallen back", fellBack());
        row(
                out,
                "tokens in",
                outcomes.stream().mapToLong(o -> o.effort().tokensIn()).sum());
        row(
                out,
                "tokens out",
                outcomes.stream().mapToLong(o -> o.effort().tokensOut()).sum());
        time(out, "p50", percentile(0.5));
        time(out, "p99", percentile(0.99));
        time(out, "longest", longest());
        time(out, "total", total);
        out.println(String.format(Locale.ROOT, "%-12s %s", "cost", costs.cost()));
        out.println(String.format(
                Locale.ROOT, "%-12s %s by %d answers of the cache", "saved", costs.saved(), costs.answersSaved()));
        out.println(String.format(
                Locale.ROOT, "%-12s %s", "budget", Money.usd(balance.spent()) + " of " + Money.usd(balance.limit())));
        costs.actions()
                .forEach((action, times) -> out.println(String.format(Locale.ROOT, "  %-40s %6d", action, times)));
        costs.notSent()
                .forEach((interceptor, saved) -> out.println("  " + interceptor + " kept back at most " + saved));
        reprompts.lines().forEach(line -> out.println("  " + line));
    }

    private void share(PrintStream out, String name, int count) {
        String percent = String.format(Locale.ROOT, "%.1f %%", 100.0 * count / Math.max(1, outcomes.size()));
        out.println(String.format(Locale.ROOT, "%-12s %10d %8s", name, count, percent));
    }

    private static void row(PrintStream out, String name, long count) {
        out.println(String.format(Locale.ROOT, "%-12s %10d", name, count));
    }

    private static void time(PrintStream out, String name, Duration duration) {
        out.println(String.format(Locale.ROOT, "%-12s %10.1f ms", name, duration.toNanos() / 1e6));
    }
}
