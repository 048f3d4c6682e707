namespace Mammo.Data.Datasets;

/// <summary>How a run over many image files reports and stops. The callbacks are called on the caller's thread.</summary>
public sealed record ScanOptions
{
    /// <summary>Images decoded at the same time; the number of processors unless set.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Called after each image, with the number of images done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Called for each image that cannot be used, which is then left out; without it the first one ends the run with its error.</summary>
    public Action<string, MammoException>? Failed { get; init; }

    /// <summary>Ends the run with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
