package io.fmware.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** A workflow twice, and one part of it that is to be changed in the second one. Not thread-safe. */
final class PlantedPair {
    final Random random;
    final PlantedNode recorded;
    final PlantedNode replayed;

    PlantedPair(long seed) {
        this.random = new Random(31 * seed + 7);
        this.recorded = PlantedWorkflow.of(seed);
        this.replayed = PlantedWorkflow.of(seed);
    }

    /** One of the parts, in the workflow that is replayed. */
    PlantedNode any(Predicate<PlantedNode> which) {
        List<PlantedNode> found = replayed.all().stream().filter(which).toList();
        return found.get(random.nextInt(found.size()));
    }

    /** The same part in the workflow that is recorded. */
    PlantedNode before(PlantedNode node) {
        return recorded.all().stream()
                .filter(each -> each.name.equals(node.name))
                .findFirst()
                .orElseThrow();
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Where an agent is. */
    static String place(PlantedNode workflow, PlantedNode node) {
        return workflow.path(ReplayWork.RUN, node);
    }

    /** Where an agent asks its model for the first time. */
    static String firstCall(PlantedNode workflow, PlantedNode node) {
        return inside(workflow, node) + "/call:Scripted" + (node.kind.streams() ? "Streaming" : "") + "ChatModel "
                + node.parameters.modelName() + "#1";
    }

    /** Where an agent's code is: plain code lies in a sequence of its name, and has the name of the method that is called. */
    static String inside(PlantedNode workflow, PlantedNode node) {
        return place(workflow, node) + (node.kind.streams() || node.kind == PlantedNode.Kind.CLERK ? "/accept#1" : "");
    }

    PlantedChange change(String what, Set<String> places, Set<String> hint) {
        return new PlantedChange(what, recorded, replayed, places, hint);
    }

    /** A change of what a model is asked; of another model also where the first one was asked. */
    PlantedChange asked(String what, PlantedNode node) {
        Set<String> places = new HashSet<>(List.of(firstCall(replayed, node), firstCall(recorded, before(node))));
        return change(what + " of " + node.name + " " + node.kind, places, Set.of());
    }

    /** A change of what a model was built with: the question itself is the same, its first attempt is not. */
    PlantedChange built(String what, PlantedNode node) {
        PlantedChange asked = asked(what, node);
        Set<String> places = new HashSet<>(asked.places());
        asked.places().forEach(call -> places.add(call + "/attempt:" + call.substring(call.lastIndexOf(':') + 1)));
        return change(asked.what(), places, Set.of());
    }
}
