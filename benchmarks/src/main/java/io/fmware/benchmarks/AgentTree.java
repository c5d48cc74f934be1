package io.fmware.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A tree of agents made by chance from a seed, and what a run of it has to tell: each event with its path, and with the leaf whose
 * content is in it. The paths come from the tree alone, by the rules of docs/runs.md: names along the parents, each with its number
 * among those of the same name in the order in which they are planned.
 *
 * @param kind what it is
 * @param name its name, which others may have too
 * @param id what its prompts and tool arguments say, which no other leaf has
 * @param tools how many tools its model asks for in its first answer
 * @param times how often a loop goes round
 * @param children the agents in it
 */
record AgentTree(Kind kind, String name, String id, int tools, int times, List<AgentTree> children) {
    private static final int DEEPEST = 3;
    private static final int WIDEST = 4;
    private static final List<String> NAMES = List.of("intake", "policy", "fraud", "settle");

    enum Kind {
        CHAT,
        CHAT_WITH_CONCURRENT_TOOLS,
        ASYNC,
        STREAM,
        STREAM_ON_ANOTHER_THREAD,
        PLAIN,
        SEQUENCE,
        PARALLEL,
        LOOP,
        CONDITION;

        boolean isLeaf() {
            return ordinal() < SEQUENCE.ordinal();
        }

        boolean isStream() {
            return this == STREAM || this == STREAM_ON_ANOTHER_THREAD;
        }

        /** Whether its result may come after it has returned. */
        boolean isDelayed() {
            return isStream() || this == ASYNC;
        }
    }

    /** Tools are named by their number, but for the first two, which are one tool asked for twice. */
    static String tool(int index) {
        return index < 2 ? "look" : "look" + index;
    }

    static AgentTree random(long seed) {
        Random random = new Random(seed);
        int[] next = {0};
        return workflow(random, next, 1);
    }

    private static AgentTree any(Random random, int[] next, int depth) {
        return depth > DEEPEST || random.nextInt(3) > 0 ? leaf(random, next) : workflow(random, next, depth);
    }

    private static AgentTree leaf(Random random, int[] next) {
        Kind kind = Kind.values()[random.nextInt(Kind.SEQUENCE.ordinal())];
        String id = "leaf" + next[0]++;
        int tools = kind == Kind.PLAIN ? 0 : kind == Kind.CHAT_WITH_CONCURRENT_TOOLS ? 4 : random.nextInt(3);
        String name = kind == Kind.PLAIN ? "run" : NAMES.get(random.nextInt(NAMES.size()));
        return new AgentTree(kind, name, id, tools, 0, List.of());
    }

    private static AgentTree workflow(Random random, int[] next, int depth) {
        Kind kind = List.of(Kind.SEQUENCE, Kind.PARALLEL, Kind.PARALLEL, Kind.LOOP, Kind.CONDITION)
                .get(random.nextInt(5));
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int times = kind == Kind.LOOP ? 1 + random.nextInt(2) : 0;
        List<AgentTree> children = new ArrayList<>();
        int width = 1 + random.nextInt(WIDEST);
        for (int i = 0; i < width; i++) {
            children.add(any(random, next, depth + 1));
        }
        return new AgentTree(kind, name, "", 0, times, children);
    }

    List<AgentTree> leaves() {
        List<AgentTree> leaves = new ArrayList<>();
        if (kind.isLeaf()) {
            leaves.add(this);
        }
        children.forEach(child -> leaves.addAll(child.leaves()));
        return leaves;
    }

    /** How often each event is to be told in a run of that name. */
    Map<String, Integer> expected(String run) {
        Map<String, Integer> expected = new HashMap<>();
        count(expected, "run.started " + run);
        agent(expected, run, new HashMap<>());
        count(expected, "run.ended " + run);
        return expected;
    }

    static void count(Map<String, Integer> counts, String event) {
        counts.merge(event, 1, Integer::sum);
    }

    private void agent(Map<String, Integer> expected, String parent, Map<String, Integer> numbers) {
        String path = parent + "/" + name + "#" + numbers.merge(name, 1, Integer::sum);
        count(expected, "agent.started " + path);
        count(expected, "agent.ended " + path);
        Map<String, Integer> within = new HashMap<>();
        switch (kind) {
            case PLAIN -> {}
            case SEQUENCE -> children.forEach(child -> child.agent(expected, path, within));
            case PARALLEL, CONDITION -> {
                if (kind == Kind.CONDITION) {
                    count(expected, "decision " + path);
                    count(expected, "plan " + path + "/plan:" + name + "#1");
                }
                if (children.size() > 1) {
                    count(expected, "boundary " + path + "/fork:" + name + "#1");
                    count(expected, "boundary " + path + "/join:" + name + "#1");
                }
                children.forEach(child -> child.agent(expected, path, within));
            }
            case LOOP -> {
                for (int i = 0; i < times; i++) {
                    children.forEach(child -> child.agent(expected, path, within));
                }
            }
            default -> model(expected, path);
        }
    }

    private void model(Map<String, Integer> expected, String path) {
        count(expected, "question " + path);
        String model = kind.isStream() ? "ScriptedStreamingChatModel" : "ScriptedChatModel";
        for (int i = 1; i <= (tools > 0 ? 2 : 1); i++) {
            String call = path + "/call:" + model + "#" + i;
            String attempt = call + "/attempt:" + model + "#1";
            count(expected, "call.started " + call + " " + id);
            count(expected, "attempt.started " + attempt + " " + id);
            count(expected, "attempt.ended " + attempt);
            count(expected, "call.ended " + call);
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < tools; i++) {
            String tool = path + "/tool:" + tool(i) + "#" + numbers.merge(tool(i), 1, Integer::sum);
            count(expected, "tool.called " + tool + " " + id + "." + i);
            count(expected, "tool.returned " + tool + " " + id + "." + i);
        }
    }
}
