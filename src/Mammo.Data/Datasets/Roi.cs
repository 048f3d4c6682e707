namespace Mammo.Data.Datasets;

/// <summary>A region of interest: one annotated abnormality of an image.</summary>
/// <param name="Shape">Where it is; null when the source does not say.</param>
public sealed record Roi(RoiShape? Shape)
{
    /// <summary>Number of the abnormality within the image, mostly from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>Kind of the abnormality as the source writes it (calcification, mass, CIRC); null when unknown.</summary>
    public string? Type { get; init; }

    /// <summary>MALIGNANT, BENIGN or BENIGN_WITHOUT_CALLBACK; null when unknown.</summary>
    public string? Pathology { get; init; }

    /// <summary>Whether the pathology begins with MALIGNANT, as the original asks; null when it is unknown.</summary>
    public bool? IsMalignant => Pathology?.StartsWith("MALIGNANT", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => $"{Number}: {Type ?? "abnormality"}, {Pathology ?? "pathology unknown"}, {Shape?.ToString() ?? "place unknown"}";
}
