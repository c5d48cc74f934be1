package io.fmware.testing;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a question asks for a tool.
 *
 * <p>A tool fits if the question shares at least two terms with its name and description (one, if the name is a single
 * word that the question holds) and every required parameter finds a value in what the user said. Of those that fit the
 * one that shares most terms is called; then the first. If the request requires a tool, sharing none will do.
 */
final class ToolChooser {

    private ToolChooser() {}

    static Optional<ToolExecutionRequest> choose(ChatRequest request, Conversation conversation) {
        List<ToolSpecification> tools = request.toolSpecifications();
        if (tools == null || tools.isEmpty() || request.toolChoice() == ToolChoice.NONE) {
            return Optional.empty();
        }
        boolean required = request.toolChoice() == ToolChoice.REQUIRED;
        Set<String> asked = new HashSet<>(Terms.of(conversation.question()));
        String said = Conversation.saidByUser(request.messages());
        ToolExecutionRequest best = null;
        int most = required ? -1 : 0;
        for (ToolSpecification tool : tools) {
            int shared = shared(tool, asked);
            if (shared > most && (required || fits(tool, asked, shared))) {
                Optional<String> arguments = new ArgumentFinder(conversation.question(), said, required).find(tool);
                if (arguments.isPresent()) {
                    most = shared;
                    best = ToolExecutionRequest.builder()
                            .id("call-" + request.messages().size())
                            .name(tool.name())
                            .arguments(arguments.get())
                            .build();
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean fits(ToolSpecification tool, Set<String> asked, int shared) {
        List<String> name = Terms.of(spaced(tool.name()));
        return shared >= 2 || (name.size() == 1 && asked.contains(name.get(0)));
    }

    private static int shared(ToolSpecification tool, Set<String> asked) {
        Set<String> terms = new HashSet<>(Terms.of(spaced(tool.name())));
        if (tool.description() != null) {
            terms.addAll(Terms.of(tool.description()));
        }
        terms.retainAll(asked);
        return terms.size();
    }

    /** The words of a name in camel case, snake case or kebab case. */
    static String spaced(String name) {
        return name.replaceAll("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})", " ")
                .replace('_', ' ')
                .replace('-', ' ');
    }
}
