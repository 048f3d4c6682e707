namespace Mammo.Reports;

/// <summary>Texts that are kept as files of the source.</summary>
internal static class Resources
{
    /// <summary>Style sheet of plots.</summary>
    public static string PlotStyle { get; } = Read("plot.css");

    /// <summary>Style sheet of the report.</summary>
    public static string ReportStyle { get; } = Read("report.css");

    /// <summary>Items of the checklists: list, number, subject, separated by tabs.</summary>
    public static string Checklists { get; } = Read("checklists.tsv");

    private static string Read(string name)
    {
        var stream = typeof(Resources).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The build left out {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
