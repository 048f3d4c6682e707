namespace Mammo.Data.Dicom;

/// <summary>How DICOM images are read, and what is accepted of them. Other formats have no use for it.</summary>
public sealed record DicomOptions
{
    /// <summary>Two-dimensional CC and MLO mammograms for presentation, as a viewer shows them.</summary>
    public static DicomOptions Default { get; } = new();

    /// <summary>Everything that can be decoded.</summary>
    public static DicomOptions Anything { get; } = new() { AllowForProcessing = true, AnyView = true };

    /// <summary>Which values are shown; null as a model's card says it, or <see cref="DicomVoi.Auto"/>.</summary>
    public DicomVoi? Voi { get; init; }

    /// <summary>Number of the frame that is read, from 1; null reads the only one of an image and refuses an image of several.</summary>
    public int? Frame { get; init; }

    /// <summary>Accepts images for processing: a detector's signal, which no published network was trained on.</summary>
    public bool AllowForProcessing { get; init; }

    /// <summary>
    /// Accepts other images than whole CC and MLO mammograms: other views, magnification, spot compression, specimens, other modalities, screenshots.
    /// </summary>
    public bool AnyView { get; init; }

    /// <summary>
    /// Turns the image as mammograms hang, by the directions that the file names (<see cref="DicomOrientation"/>) and the chest wall that is found. Null as a
    /// model's card says it, or not.
    /// </summary>
    public bool? Orient { get; init; }

    /// <summary>Bits of the grey values, 8 or 16: white is 255 or 65535, whatever the file stores.</summary>
    public int BitDepth { get; init; } = 16;

    internal bool IsOriented => Orient == true;

    /// <summary>
    /// What decides pixels and refusals, by name and value, for caches and for whether two trainings are the same; empty for <see cref="Default"/>.
    /// </summary>
    public string Identity => string.Join(' ', new[]
    {
        Voi is null || Voi == DicomVoi.Auto ? null : $"voi={Voi}",
        Frame is null ? null : FormattableString.Invariant($"frame={Frame}"),
        AllowForProcessing ? "for-processing" : null,
        AnyView ? "any-view" : null,
        IsOriented ? "oriented" : null,
        BitDepth == 16 ? null : FormattableString.Invariant($"bits={BitDepth}"),
    }.OfType<string>());
}
