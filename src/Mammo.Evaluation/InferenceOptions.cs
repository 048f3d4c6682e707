namespace Mammo.Evaluation;

/// <summary>
/// How predictions were made, as one text that survives a CSV: <c>model=hybrid;weights=1f2e…;augment=true;size=1152x896</c>, name by name in a fixed order.
/// </summary>
public static class InferenceOptions
{
    /// <summary>Name of the option that holds the models' names.</summary>
    public const string Model = "model";

    /// <summary>Name of the option that holds the hashes of the models' weights.</summary>
    public const string Weights = "weights";

    /// <summary>Name of the option that holds the engines, each once.</summary>
    public const string Engine = "engine";

    /// <summary>Digits of a hash that are kept.</summary>
    public const int HashDigits = 16;

    // What runs the network changes scores by rounding alone.
    private static readonly string[] Rounding = [Model, Engine];

    /// <summary>Writes options.</summary>
    public static string Of(IEnumerable<(string Name, string Value)> options) =>
        string.Join(';', options.Select(option => $"{option.Name}={option.Value.Replace(';', ',')}"));

    /// <summary>Reads options; what has no <c>=</c> is one without a name.</summary>
    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var end = part.IndexOf('=', StringComparison.Ordinal);
            options[end < 0 ? "" : part[..end]] = part[(end + 1)..];
        }

        return options;
    }

    /// <summary>Names of the options in which two runs differ, with both values.</summary>
    public static IEnumerable<OptionDifference> Differences(string first, string second)
    {
        var (one, other) = (Read(first), Read(second));
        foreach (var name in one.Keys.Union(other.Keys, StringComparer.Ordinal))
        {
            var (mine, theirs) = (one.GetValueOrDefault(name), other.GetValueOrDefault(name));
            if (!string.Equals(mine, theirs, StringComparison.Ordinal))
                yield return new OptionDifference(name, mine, theirs);
        }
    }

    /// <summary>The differences that change scores by more than rounding: a threshold of one run means something else in the other.</summary>
    internal static IEnumerable<OptionDifference> Meaningful(string first, string second) =>
        Differences(first, second).Where(difference => !Rounding.Contains(difference.Name));
}

/// <summary>An option in which two runs differ.</summary>
/// <param name="Name">Its name.</param>
/// <param name="First">Its value in the first run; null when that does not say it.</param>
/// <param name="Second">Its value in the second run; null when that does not say it.</param>
public sealed record OptionDifference(string Name, string? First, string? Second)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {First ?? "not known"}, {Second ?? "not known"}";
}
