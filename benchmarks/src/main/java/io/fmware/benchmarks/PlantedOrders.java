package io.fmware.benchmarks;

import java.util.List;
import java.util.Set;

/** Changes of the order of the agents of a sequence. */
final class PlantedOrders {
    private static final List<String> CHANGES =
            List.of("two swapped", "one left out", "one added", "one repeated", "the first one moved to the end");

    private PlantedOrders() {}

    static PlantedChange of(long seed) {
        PlantedPair pair = new PlantedPair(seed);
        PlantedNode sequence = pair.any(each -> each.kind == PlantedNode.Kind.SEQUENCE);
        List<PlantedNode> steps = sequence.children;
        String change = CHANGES.get((int) Math.floorMod(seed / 3, CHANGES.size()));
        int at = pair.random.nextInt(steps.size());
        Set<String> places = switch (change) {
            case "two swapped" -> {
                at = Math.min(at, steps.size() - 2);
                steps.add(at, steps.remove(at + 1));
                yield Set.of(place(pair, steps.get(at)));
            }
            case "one left out" -> {
                String left = place(pair, steps.remove(at));
                yield at < steps.size() ? Set.of(left, place(pair, steps.get(at))) : Set.of(left);
            }
            case "one added" -> {
                PlantedNode added = new PlantedNode("added", PlantedNode.Kind.CHAT);
                added.system = "You check what the others found.";
                added.user = "{{notes}}";
                steps.add(at, added);
                yield Set.of(place(pair, sequence) + "/added#1");
            }
            case "one repeated" -> {
                String again = place(pair, steps.get(at)).replaceAll("#1$", "#2");
                steps.add(at, steps.get(at));
                yield Set.of(again);
            }
            default -> {
                steps.add(steps.remove(0));
                yield Set.of(place(pair, steps.get(0)));
            }
        };
        return pair.change(change + ", number " + (at + 1) + " of " + sequence, places, Set.of());
    }

    /** As recorded: what was moved in the sequence has the path that it had. */
    private static String place(PlantedPair pair, PlantedNode node) {
        return PlantedPair.place(pair.recorded, pair.before(node));
    }
}
