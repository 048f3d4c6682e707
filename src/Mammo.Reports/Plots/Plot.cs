using System.Collections.Immutable;

namespace Mammo.Reports.Plots;

/// <summary>An axis of a plot.</summary>
/// <param name="Label">What it shows, with its unit.</param>
/// <param name="Minimum">Its lower end.</param>
/// <param name="Maximum">Its upper end, above the lower one.</param>
public sealed record PlotAxis(string Label, double Minimum, double Maximum);

/// <summary>
/// Something that is drawn. Series of one <see cref="Colour"/> belong together, such as a curve and its band; its dashes distinguish it too.
/// </summary>
public abstract record PlotSeries
{
    private PlotSeries(string name, int colour) => (Name, Colour) = (name, colour);

    /// <summary>What it is called in the legend and in the CSV.</summary>
    public string Name { get; }

    /// <summary>Number of its colour: 0 for what others are compared with, 1 to 4 for data.</summary>
    public int Colour { get; }

    /// <summary>A line through points; NaN leaves a gap.</summary>
    public sealed record Line(string Name, ImmutableArray<double> X, ImmutableArray<double> Y, int Colour = 1) : PlotSeries(Name, Colour);

    /// <summary>The area between two lines.</summary>
    public sealed record Band(string Name, ImmutableArray<double> X, ImmutableArray<double> Lower, ImmutableArray<double> Upper, int Colour = 1)
        : PlotSeries(Name, Colour);

    /// <summary>Points with their intervals, or without where these are NaN.</summary>
    public sealed record Points(
        string Name, ImmutableArray<double> X, ImmutableArray<double> Y, ImmutableArray<double> Lower, ImmutableArray<double> Upper, int Colour = 1)
        : PlotSeries(Name, Colour);

    /// <summary>Bars from 0 to a height between neighbouring edges.</summary>
    public sealed record Bars(string Name, ImmutableArray<double> Edges, ImmutableArray<double> Heights, int Colour = 1) : PlotSeries(Name, Colour);
}

/// <summary>A plot as a description: what is drawn, and the text for those who cannot see it. Pictures and CSV are made from the same numbers.</summary>
/// <param name="Name">Short name for files: <c>roc</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it shows in a sentence, for screen readers.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Series">What is drawn, from back to front.</param>
/// <param name="Square">Whether both axes have the same length.</param>
public sealed record Plot(string Name, string Title, string Description, PlotAxis X, PlotAxis Y, ImmutableArray<PlotSeries> Series, bool Square = false);
