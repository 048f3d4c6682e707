using System.Collections.Immutable;
using Mammo.Evaluation;

namespace Mammo.Scoring.DicomResults;

/// <summary>Which objects are made of predictions and heatmaps.</summary>
public enum DicomResultKind
{
    /// <summary>Comprehensive SR of a study: its scores and suspicious regions (PS3.16, TID 1500).</summary>
    StructuredReport,

    /// <summary>Secondary Capture of a heatmap over its image.</summary>
    Heatmap,

    /// <summary>Grayscale Softcopy Presentation State that outlines suspicious regions on their image.</summary>
    PresentationState,
}

/// <summary>What a score is said to be.</summary>
public enum ScoreConcept
{
    /// <summary>The certainty of a finding (DCM 111012), and where the class is named after cancer the probability of it.</summary>
    Auto,

    /// <summary>The certainty of a finding (DCM 111012).</summary>
    CertaintyOfFinding,

    /// <summary>The probability of cancer (DCM 111047).</summary>
    ProbabilityOfCancer,
}

/// <summary>How results become DICOM objects.</summary>
public sealed record DicomExportOptions
{
    /// <summary>Which objects are made.</summary>
    public ImmutableArray<DicomResultKind> Kinds { get; init; } = [DicomResultKind.StructuredReport];

    /// <summary>Whose scores a report has: those of images, of breasts, of the patient.</summary>
    public ImmutableArray<EvaluationUnit> Units { get; init; } = [EvaluationUnit.Image];

    /// <summary>How the scores of a breast's or patient's images become one.</summary>
    public UnitScore Aggregate { get; init; }

    /// <summary>What a score is said to be.</summary>
    public ScoreConcept Concept { get; init; }

    /// <summary>Class of the heatmaps that is shown; null for the last one.</summary>
    public string? Class { get; init; }

    /// <summary>Share of a heatmap's colour bar, above 0 to 1, from which on a place is a suspicious region.</summary>
    public double RegionLevel { get; init; } = 0.5;

    /// <summary>Most regions of an image.</summary>
    public int RegionLimit { get; init; } = 10;

    /// <summary>Rows of the mammogram in a picture.</summary>
    public int Height { get; init; } = 1024;

    /// <summary>Date and time of the objects; null for those of their newest image, so that the same results give the same files.</summary>
    public DateTime? Date { get; init; }
}
