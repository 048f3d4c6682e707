namespace Mammo.Data.Datasets;

/// <summary>The columns of a data set's CSV that have a meaning.</summary>
internal static class DatasetColumns
{
    public const string Path = "path";
    public const string Label = "label";
    public const string Patient = "patient";
    public const string Laterality = "laterality";
    public const string View = "view";
    public const string SampleWeight = "sample_weight";

    public static string[] All { get; } = [Path, Label, Patient, Laterality, View, SampleWeight];
}
