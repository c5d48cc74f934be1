package io.fmware.examples.support;

import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.service.tool.DefaultToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import java.lang.reflect.Method;

/** Offers the account lookup for messages that name an account, and no tool for all others: they cost no tokens and tempt no model. */
final class AccountTools implements ToolProvider {
    private final Accounts accounts;

    AccountTools(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public ToolProviderResult provideTools(ToolProviderRequest request) {
        ToolProviderResult.Builder tools = ToolProviderResult.builder();
        if (Accounts.ID.matcher(request.userMessage().singleText()).find()) {
            Method lookup = lookup();
            tools.add(ToolSpecifications.toolSpecificationFrom(lookup), new DefaultToolExecutor(accounts, lookup));
        }
        return tools.build();
    }

    private static Method lookup() {
        try {
            return Accounts.class.getDeclaredMethod("lookup", String.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
