using System.Collections.Immutable;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>How a public set of mammograms arrives: its list, the columns of that, and where images and regions are.</summary>
/// <param name="Name">Name of the set.</param>
/// <param name="Lists">Names of its list within a folder, the likeliest first; empty where only the list itself can be named.</param>
/// <param name="Columns">Columns by meaning: file, patient, laterality, view, label. A meaning without a column is not in the list.</param>
internal sealed record ReleaseLayout(string Name, ImmutableArray<string> Lists, ImmutableDictionary<string, string> Columns)
{
    public const string File = "file";
    public const string Patient = "patient";
    public const string Laterality = "laterality";
    public const string View = "view";
    public const string Label = "label";

    /// <summary>All meanings.</summary>
    public static ImmutableArray<string> Meanings { get; } = [File, Patient, Laterality, View, Label];

    /// <summary>The rule of labels where the list says the truth itself; null where its values are assessments, and whoever reads it must say.</summary>
    public LabelRule? Rule { get; init; }

    /// <summary>The key by which a row finds its image: what its file column says, mostly.</summary>
    public Func<CsvRow, string?, string?> RowKey { get; init; } = (_, file) => file;

    /// <summary>The keys of a file, of which one must be the row's.</summary>
    public Func<string, IEnumerable<string>> FileKeys { get; init; } = path => [Path.GetFileNameWithoutExtension(path)];

    /// <summary>The patient, where the file's name says it and the list does not.</summary>
    public Func<string, string?> PatientOfFile { get; init; } = _ => null;

    /// <summary>Why a row is no image of the set; null when it is one.</summary>
    public Func<CsvRow, string?> LeftOut { get; init; } = _ => null;

    /// <summary>Makes what gives the regions of a row, from the list's folder.</summary>
    public Func<string, ICollection<Finding>, Func<CsvRow, string, ImmutableArray<Roi>>> Regions { get; init; } = (_, _) => (_, _) => [];
}
