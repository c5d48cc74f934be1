package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A part of a workflow: agents at work one after the other or at once, or one agent with all that it is told. Changes are planted by
 * setting its fields. No two parts of a workflow have the same name. Not thread-safe.
 */
final class PlantedNode {
    /** What a part does. */
    enum Kind {
        /** Its parts, one after the other. */
        SEQUENCE,
        /** Its parts at once. */
        PARALLEL,
        /** Asks a model. */
        CHAT,
        /** Asks a model that calls two tools, one after the other. */
        TOOLS,
        /** Asks a model that calls two tools at once. */
        CONCURRENT_TOOLS,
        /** Asks a model that streams. */
        STREAM,
        /** Asks a model that streams, and calls two tools. */
        STREAM_TOOLS,
        /** Code: calls a tool, and writes what the next ones read. */
        CLERK;

        boolean isWorkflow() {
            return this == SEQUENCE || this == PARALLEL;
        }

        boolean hasTools() {
            return this == TOOLS || this == CONCURRENT_TOOLS || this == STREAM_TOOLS;
        }

        boolean asks() {
            return !isWorkflow() && this != CLERK;
        }

        boolean streams() {
            return this == STREAM || this == STREAM_TOOLS;
        }
    }

    final String name;
    final Kind kind;
    final List<PlantedNode> children = new ArrayList<>();
    String system = "";
    String user = "";
    ChatRequestParameters parameters = ChatRequestParameters.builder().build();
    List<ToolSpecification> tools = List.of();

    /** Comes at the end of the system message, or of the argument of the clerk's tool. */
    Supplier<String> fleeting = () -> "";

    /** What a clerk writes for the next ones to read. */
    Supplier<String> stamp = () -> "none";

    PlantedNode(String name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    /** All parts that ask a model. */
    List<PlantedNode> asking() {
        return all().stream().filter(each -> each.kind.asks()).toList();
    }

    /** This and all parts of it, in the order in which they stand. */
    List<PlantedNode> all() {
        List<PlantedNode> all = new ArrayList<>(List.of(this));
        children.forEach(each -> all.addAll(each.all()));
        return all;
    }

    /** The path of a part, as it follows from the workflow alone. */
    String path(String around, PlantedNode wanted) {
        String path = around + "/" + name + "#1";
        if (this == wanted) {
            return path;
        }
        for (PlantedNode each : children) {
            String found = each.path(path, wanted);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return name + " " + kind + (children.isEmpty() ? "" : children);
    }
}
