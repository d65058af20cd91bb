"""The providers that litellm knows, so that a misspelt one is found without importing litellm."""

from __future__ import annotations

from difflib import get_close_matches

from core.domain.errors import BadInput

PROVIDERS: frozenset[str] = frozenset(
    """
    a2a a2a_agent abliteration ai21 ai21_chat aihubmix aiml aiohttp_openai amazon_nova
    anthropic anthropic_text apertis assemblyai auto_router aws_polly aws_textract azure
    azure_ai azure_speech azure_text baseten bedrock bedrock_mantle black_forest_labs bytez
    cerebras charity_engine chatgpt chutes clarifai cloudflare codestral cognition cohere
    cohere_chat cometapi compactifai cortecs crusoe cursor custom custom_openai darkbloom
    dashscope databricks datarobot deepgram deepinfra deepseek docker_model_runner dotprompt
    edenai elevenlabs empiriolabs empower fal_ai featherless_ai fireworks_ai friendliai
    galadriel gdc gemini gigachat github github_copilot gmi gradient_ai groq helicone heroku
    hosted_vllm huggingface humanloop hyperbolic inception infinity jina_ai lambda_ai
    langflow langfuse langgraph lemonade libertai litellm_agent litellm_proxy llamafile
    llamagate lm_studio manus maritalk meta meta_llama milvus minimax mistral modelscope
    mongodb moonshot morph nadir nano-gpt nanogpt nebius neosantara nlp_cloud novita nscale
    nvidia_nim nvidia_riva oci ollama ollama_chat oobabooga openai openai_like openrouter
    ovhcloud parasail perplexity petals pg_vector pinstripes poe predibase prism publicai
    qwen_ai_platform qwencloud ragflow recraft reducto reka replicate runwayml s3_vectors
    sagemaker sagemaker_chat sagemaker_nova sail sambanova sap sarvam scaleway scx-ai
    snowflake soniox stability strands_decider synthetic tencent tensormesh
    text-completion-codestral text-completion-inception text-completion-openai together_ai
    topaz transcribe triton typesafe v0 valkey venice veniceai vercel_ai_gateway vertex_ai
    vertex_ai_beta vllm volcengine voyage wandb watsonx watsonx_text xai xiaomi_mimo
    xinference zai
    """.split()
)


def known_provider(model: str, address: str | None) -> None:
    """Refuse a model's name whose provider nobody knows.

    A name without a provider is one of an OpenAI-compatible server, so it needs an address.

    Raises:
        BadInput: If nothing can be reached under this name; says how it would be written.
    """
    provider, slash, _ = model.partition("/")
    if not slash and address is None:
        raise BadInput(
            f"'{model}' does not say whose model it is.",
            place="model",
            fix=f"Write the provider first, such as openai/{model}, or give the server's address.",
        )
    if slash and provider not in PROVIDERS:
        near = get_close_matches(provider.lower(), PROVIDERS, n=1)
        meant = f"Did you mean {near[0]}/…? " if near else ""
        raise BadInput(
            f"There is no provider '{provider}'.",
            place="model",
            fix=f"{meant}A server that speaks OpenAI's language is openai/ and the model's name "
            "there, with its address.",
        )
