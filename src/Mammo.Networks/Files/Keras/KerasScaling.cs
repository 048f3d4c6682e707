using Mammo.Networks.Graphs;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Keras's preprocessing layers that scale: <c>Rescaling</c>, and <c>Normalization</c>, whose numbers are in its options or among the weights.
/// </summary>
internal static class KerasScaling
{
    /// <summary>What the layer does.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelLayerUnsupported"/>: an option that is not supported.</exception>
    public static LayerKind Read(KerasOptions options) => options.ClassName == "Rescaling" ? Rescaling(options) : Normalization(options);

    private static LayerKind.Rescaling Rescaling(KerasOptions options) =>
        new(options.Numbers("scale"), options.Has("offset") ? options.Numbers("offset") : [0]);

    private static LayerKind Normalization(KerasOptions options)
    {
        options.DemandOff("invert");
        if (KerasJson.Member(options.Config, "axis") is { ValueKind: System.Text.Json.JsonValueKind.Null })
            throw options.Unsupported("it works with one mean for all axes");
        if (!options.Has("mean") && !options.Has("variance"))
            return new LayerKind.Normalization();
        var (means, variances) = (options.Numbers("mean"), options.Numbers("variance"));
        if (variances.Any(variance => variance < 0) || (means.Length != variances.Length && means.Length != 1 && variances.Length != 1))
            throw options.Unsupported("its mean and variance do not fit each other");
        var count = Math.Max(means.Length, variances.Length);
        var scales = Enumerable.Range(0, count)
            .Select(channel => 1 / Math.Max(
                Math.Sqrt(variances[Math.Min(channel, variances.Length - 1)]), LayerKind.Normalization.SmallestDeviation)).ToArray();
        return new LayerKind.Rescaling([.. scales], [.. scales.Select((scale, channel) => -means[Math.Min(channel, means.Length - 1)] * scale)]);
    }
}
