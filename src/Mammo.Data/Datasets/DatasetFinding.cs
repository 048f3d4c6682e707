namespace Mammo.Data.Datasets;

/// <summary>Something about a dataset that its user should know before hours are spent on it.</summary>
/// <param name="Id">What it is: one of <see cref="ErrorIds"/>.</param>
/// <param name="Message">What and where, in a sentence.</param>
public sealed record DatasetFinding(string Id, string Message)
{
    /// <summary>The image or mask it is about; null when it is about more than one.</summary>
    public string? Path { get; init; }

    /// <summary>The patient it is about; null when there is none.</summary>
    public string? Patient { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Message} [{Id}]";
}
