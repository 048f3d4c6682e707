using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>Patch classifiers: a body, global average pooling, dropout if wanted, and a softmax over the classes.</summary>
public static class PatchNetwork
{
    /// <summary>The network without weights; its input size is open.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelArchitectureUnknown"/>, or <see cref="ErrorIds.ModelOptionConflict"/>: an option is out of its range.
    /// </exception>
    public static LayerGraph Build(PatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var architecture = ArchitectureCatalog.Find(options.Architecture);
        Check(options);
        var builder = new GraphBuilder(options.WidthMultiplier) { Role = LayerRole.Base };
        var x = architecture.Body(builder.Input(options.Channels ?? architecture.Channels));
        builder.Role = LayerRole.PatchHead;
        x = x.GlobalAveragePool();
        if (options.HiddenDropout > 0)
            x = x.Dropout(options.HiddenDropout);
        x = x.Dense(options.Classes.Length, Activation.Softmax, options.WeightDecay ?? architecture.WeightDecay, architecture.OutputName);
        return builder.Build(architecture.Name, x);
    }

    private static void Check(PatchOptions options)
    {
        OptionRules.Classes(options.Classes);
        OptionRules.Require(options.WidthMultiplier is > 0 and <= 1, $"WidthMultiplier {options.WidthMultiplier} is not above 0 and at most 1.");
        OptionRules.Require(options.Channels is null or 1 or 3, $"Channels {options.Channels} is neither 1 nor 3.");
        OptionRules.Share(nameof(options.HiddenDropout), options.HiddenDropout);
        OptionRules.WeightDecay(options.WeightDecay ?? 0);
    }
}
