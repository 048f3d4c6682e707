using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>Chooses a network's engine, for a process that looks for what another has measured.</summary>
internal static class ChooseEngineTask
{
    public const string Name = "choose-engine";

    /// <summary>Writes the engine and why it was chosen.</summary>
    public static void Run(string[] arguments)
    {
        var graph = new TestNetwork().Input("in", 8, 8, 1).Then("conv", TestNetwork.Conv(3)).Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        using var model = new MammoModel("small", graph, TestNetwork.Weights(graph), new ModelCard { Classes = ["neg", "pos"] });
        Console.WriteLine(EngineFactory.For(model, new PredictorOptions { Device = "cpu" }, size: new ImageSize(8, 8)).Decision);
    }
}
