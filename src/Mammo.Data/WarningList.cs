using System.Collections.ObjectModel;

namespace Mammo.Data;

/// <summary>Sentences about what is doubtful; as one text they are joined, so that a CSV loses none.</summary>
public sealed class WarningList : ReadOnlyCollection<string>
{
    /// <summary>Keeps the sentences in their order.</summary>
    public WarningList(IEnumerable<string> warnings)
        : base([.. warnings])
    {
    }

    /// <summary>Nothing is doubtful.</summary>
    public static new WarningList Empty { get; } = new([]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', this);
}
