package io.fmware.benchmarks;

import java.util.List;

/** Changes of prompts, by a word or less. */
final class PlantedPrompts {
    private record Edit(boolean ofSystem, String from, String to) {}

    private static final List<Edit> EDITS = List.of(
            new Edit(true, "two sentences", "three sentences"),
            new Edit(true, "Never", "Do not"),
            new Edit(true, "insurance company", "Insurance company"),
            new Edit(true, ".\n", ".\n\n"),
            new Edit(true, "go by.", "go by"),
            new Edit(true, "payment,", "payment \u2014"),
            new Edit(true, "go by.", "go by.\nExample: \"\u00a7 4: covered.\""),
            new Edit(true, "You are", " You are"),
            new Edit(true, "at most two", "at most 2"),
            new Edit(false, "finding", "verdict"),
            new Edit(false, "{{notes}}", "{{letter}}"),
            new Edit(false, "{{letter}}", "\"{{letter}}\""),
            new Edit(false, "Claim: {{letter}}\n", "Claim:\n{{letter}}\n"),
            new Edit(false, "Give your finding.", "Give your finding. Think step by step."),
            new Edit(false, "\nReceived: {{stamp}}", ""),
            new Edit(false, "What the others found: {{notes}}", "Before: {{notes}}"));

    private PlantedPrompts() {}

    static PlantedChange of(long seed) {
        PlantedPair pair = new PlantedPair(seed);
        PlantedNode node = pair.any(each -> each.kind.asks());
        Edit edit = pair.pick(EDITS);
        if (edit.ofSystem()) {
            node.system = node.system.replace(edit.from(), edit.to());
        } else {
            node.user = node.user.replace(edit.from(), edit.to());
        }
        return pair.asked(
                (edit.ofSystem() ? "system" : "template") + " '" + edit.from() + "' to '" + edit.to() + "'", node);
    }
}
