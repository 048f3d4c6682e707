using Mammo.Tests.Archive.Shards;
using Mammo.Tests.Data.Files;
using Mammo.Tests.Scoring.Engines;
using Mammo.Tests.Scoring.Prediction;
using Mammo.Tests.Torch;
using Mammo.Tests.Torch.Training;
using Xunit.Runner.InProc.SystemConsole;

namespace Mammo.Tests.Support;

/// <summary>The tests' program: xunit's runner, or what a test wants done in a process of its own.</summary>
internal static class Program
{
    /// <summary>The first argument when a task is to be done; its name and its own arguments follow.</summary>
    public const string Task = "task";

    private static readonly Dictionary<string, Action<string[]>> Tasks = new(StringComparer.Ordinal)
    {
        [ChooseEngineTask.Name] = ChooseEngineTask.Run,
        [LoadTorchTask.Name] = LoadTorchTask.Run,
        [PredictTask.Name] = PredictTask.Run,
        [ReadImagesTask.Name] = ReadImagesTask.Run,
        [LeaseTask.Name] = LeaseTask.Run,
        [ShardTask.Name] = ShardTask.Run,
        [TrainTask.Name] = TrainTask.Run,
    };

    public static int Main(string[] args)
    {
        if (args is not [Task, var name, .. var rest])
            return ConsoleRunner.Run(args).GetAwaiter().GetResult();
        Tasks[name](rest);
        return 0;
    }
}
