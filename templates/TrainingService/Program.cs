using TrainingService;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.Configure<TrainingOptions>(builder.Configuration.GetSection("Training"));
builder.Services.AddHostedService<Worker>();
await builder.Build().RunAsync();
