package io.fmware.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What calls took and cost. Immutable and thread-safe. */
public final class CostSummary {
    private static final List<String> TITLES = List.of(
            "",
            "calls",
            "attempts",
            "failed",
            "tokens in",
            "cached",
            "tokens out",
            "chars in",
            "chars out",
            "cost",
            "unknown",
            "saved");

    private final String of;
    private final long[] counts;
    private final Cost cost;
    private final Cost saved;
    private final Map<String, Long> actions;
    private final Map<String, Cost> notSent;
    private final Map<String, CostSummary> models;
    private final Map<String, CostSummary> tenants;
    private final Map<String, CostSummary> features;

    CostSummary(
            String of,
            long[] counts,
            Cost cost,
            Cost saved,
            Map<String, Long> actions,
            Map<String, Cost> notSent,
            Map<String, CostSummary> models,
            Map<String, CostSummary> tenants,
            Map<String, CostSummary> features) {
        this.of = of;
        this.counts = counts;
        this.cost = cost;
        this.saved = saved;
        this.actions = Collections.unmodifiableMap(new TreeMap<>(actions));
        this.notSent = Collections.unmodifiableMap(new TreeMap<>(notSent));
        this.models = Collections.unmodifiableMap(models);
        this.tenants = Collections.unmodifiableMap(tenants);
        this.features = Collections.unmodifiableMap(features);
    }

    /**
     * What this is the summary of.
     *
     * @return {@code all}, the name of a run, a model, a tenant or a feature
     */
    public String of() {
        return of;
    }

    /**
     * Questions to models, answered or not, however many attempts they took; and texts embedded.
     *
     * @return the number
     */
    public long calls() {
        return counts[0];
    }

    /**
     * How often a model was really asked: first attempts, repetitions, hedges, samples.
     *
     * @return the number
     */
    public long attempts() {
        return counts[1];
    }

    /**
     * Those of the attempts that had no answer.
     *
     * @return the number
     */
    public long failedAttempts() {
        return counts[2];
    }

    /**
     * Tokens of the input that were reported.
     *
     * @return the number, those that a provider's cache gave included
     */
    public long tokensIn() {
        return counts[3];
    }

    /**
     * Those of the tokens of the input that a provider's cache gave.
     *
     * @return the number
     */
    public long tokensCached() {
        return counts[4];
    }

    /**
     * Tokens of the output that were reported.
     *
     * @return the number
     */
    public long tokensOut() {
        return counts[5];
    }

    /**
     * Characters of text that were sent, for each attempt.
     *
     * @return the number, in UTF-16 units
     */
    public long charactersIn() {
        return counts[6];
    }

    /**
     * Characters of text that came back.
     *
     * @return the number, in UTF-16 units
     */
    public long charactersOut() {
        return counts[7];
    }

    /**
     * What the attempts cost.
     *
     * @return the cost, with the number of attempts of unknown cost
     */
    public Cost cost() {
        return cost;
    }

    /**
     * How many answers came from a cache of ours.
     *
     * @return the number
     */
    public long answersSaved() {
        return counts[8];
    }

    /**
     * What the answers from a cache of ours would have cost.
     *
     * @return what was saved
     */
    public Cost saved() {
        return saved;
    }

    /**
     * What requests would have cost, at most by the estimate, that an interceptor kept from being sent: a budget, a limit or a
     * breaker that refused them, a retry or a hedge that was not affordable. Another model may have been asked instead.
     *
     * @return the cost of a request for each refusal, by interceptor; empty for single models, tenants and features
     */
    public Map<String, Cost> notSent() {
        return notSent;
    }

    /**
     * What interceptors did, such as {@code fallback: fell back}.
     *
     * @return how often, by interceptor and action; empty for single models, tenants and features
     */
    public Map<String, Long> actions() {
        return actions;
    }

    /**
     * The same for each model.
     *
     * @return summaries by {@link io.fmware.FmCall#model()}, empty in a part of a summary
     */
    public Map<String, CostSummary> byModel() {
        return models;
    }

    /**
     * The same for each tenant.
     *
     * @return summaries by the attribute "tenant" of the runs, empty in a part of a summary
     */
    public Map<String, CostSummary> byTenant() {
        return tenants;
    }

    /**
     * The same for each feature.
     *
     * @return summaries by the attribute "feature" of the runs, empty in a part of a summary
     */
    public Map<String, CostSummary> byFeature() {
        return features;
    }

    /** A table for people. */
    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(TITLES);
        rows.add(row(of));
        models.forEach((name, each) -> rows.add(each.row("model " + name)));
        tenants.forEach((name, each) -> rows.add(each.row("tenant " + name)));
        features.forEach((name, each) -> rows.add(each.row("feature " + name)));
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> append(row, rows, text));
        actions.forEach((action, count) ->
                text.append(action).append(" (").append(count).append(")\n"));
        notSent.forEach((interceptor, saved) -> text.append(interceptor)
                .append(" kept back at most ")
                .append(saved)
                .append('\n'));
        return text.toString().stripTrailing();
    }

    private List<String> row(String title) {
        List<String> row = new ArrayList<>();
        row.add(title);
        for (int i = 0; i < counts.length - 1; i++) {
            row.add(Long.toString(counts[i]));
        }
        row.add(cost.known().toShortString());
        row.add(Long.toString(cost.unknown()));
        row.add(saved.known().toShortString());
        return row;
    }

    private static void append(List<String> row, List<List<String>> rows, StringBuilder to) {
        for (int i = 0; i < row.size(); i++) {
            int column = i;
            int width = rows.stream()
                    .mapToInt(each -> each.get(column).length())
                    .max()
                    .orElse(0);
            String space = " ".repeat(width - row.get(i).length());
            to.append(i == 0 ? row.get(i) + space : "  " + space + row.get(i));
        }
        to.append('\n');
    }
}
