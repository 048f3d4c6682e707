using System.Text.RegularExpressions;

namespace Mammo.Networks.Files.Keras;

/// <summary>The two parts of a weight's name in a Keras file: whose it is, and which.</summary>
/// <param name="Owner">Layer name with TensorFlow's scopes and suffixes (<c>model_1/conv2d_4_1</c>).</param>
/// <param name="Word">Keras's word for the weight (<c>kernel</c>); null when it is none that we know.</param>
internal sealed partial record KerasWeightName(string Owner, string? Word)
{
    /// <summary>
    /// Takes a name apart: Keras 2 writes <c>conv1/kernel:0</c>, Keras 1 (the published ImageNet files) <c>conv1_W:0</c>; TensorFlow appends numbers to make
    /// names unique.
    /// </summary>
    public static KerasWeightName Parse(string name)
    {
        if (NewPattern().Match(name) is { Success: true } found)
        {
            // ConvNeXt's scales have a variable without a name.
            var word = found.Groups["word"].Value;
            return new KerasWeightName(found.Groups["owner"].Value, word.Equals("variable", StringComparison.OrdinalIgnoreCase) ? "gamma" : word);
        }


        if (OldPattern().Match(name) is not { Success: true } old)
            return new KerasWeightName(name, null);
        return new KerasWeightName(old.Groups["owner"].Value, old.Groups["word"].Value switch
        {
            "W" => "kernel",
            "b" => "bias",
            "running_mean" => "moving_mean",
            // Keras 1 kept the variance under this name.
            "running_std" => "moving_variance",
            var same => same,
        });
    }

    /// <summary>
    /// How surely a name's owner means that layer: 4 by its path, 3 by its name, 2 by its name and numbers that TensorFlow appended to make it unique,
    /// 1 when one of the two names continues the other after an underscore (layers that were renamed after they had been made), 0 not at all.
    /// </summary>
    public static int Kinship(string owner, KerasLeaf leaf)
    {
        var last = owner[(owner.LastIndexOf('/') + 1)..];
        if (owner == leaf.LocalPath || (leaf.LocalPath != leaf.LocalName && owner.EndsWith("/" + leaf.LocalPath, StringComparison.Ordinal)))
            return 4;
        if (last == leaf.LocalName)
            return 3;
        if (last.StartsWith(leaf.LocalName + "_", StringComparison.Ordinal))
            return NumbersPattern().IsMatch(last[leaf.LocalName.Length..]) ? 2 : 1;
        return leaf.LocalName.StartsWith(last + "_", StringComparison.Ordinal) ? 1 : 0;
    }

    [GeneratedRegex(
        "^(?<owner>.+)/(?<word>kernel|bias|gamma|beta|moving_mean|moving_variance|mean|variance|count|depthwise_kernel|pointwise_kernel|[Vv]ariable)"
            + @"(_\d+)?(:\d+)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex NewPattern();

    [GeneratedRegex(
        @"^(.+/)?(?<owner>.+?)_(?<word>W|b|gamma|beta|running_mean|running_std|depthwise_kernel|pointwise_kernel)(_\d+)?(:\d+)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex OldPattern();

    [GeneratedRegex(@"^(_\d+)+$", RegexOptions.CultureInvariant)]
    private static partial Regex NumbersPattern();
}
