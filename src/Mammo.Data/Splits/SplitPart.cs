using System.Collections.Immutable;

namespace Mammo.Data.Splits;

/// <summary>The patients of one side of a split.</summary>
/// <param name="Name">train, validation, fold1 and so on.</param>
/// <param name="Patients">Their ids; in the order in which the split dealt them.</param>
public sealed record SplitPart(string Name, ImmutableArray<string> Patients)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Patients.Length} patients";
}
