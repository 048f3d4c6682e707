using System.Text;
using Mammo.Host;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var arguments = HostArguments.Parse(args);
if (arguments.Mode == HostMode.Help)
{
    Console.WriteLine(HelpText.Full);
    return ExitCodes.Success;
}

if (arguments.Problem is { } problem)
{
    Console.Error.WriteLine(problem);
    return ExitCodes.Usage;
}

using var session = HostSession.Open();
if (!session.ImportMammo())
    return ExitCodes.Failure;

return arguments.Mode switch
{
    HostMode.Script => session.RunScript(arguments.Text, arguments.Rest),
    HostMode.Command => session.RunCommand(arguments.Text),
    _ => new InteractivePrompt(session).Run(),
};
